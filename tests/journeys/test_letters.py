# SPDX-License-Identifier: Apache-2.0
"""Every letter of the eight languages is drawn by the product's own fonts, and long words stay on a narrow page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {
    "az": f"{LATIN} ÇçƏəĞğIıİiÖöŞşÜü",
    "kk": f"{RUSSIAN} ӘәҒғҚқҢңӨөҰұҮүҺһІі",
    "kk-Latn": f"{LATIN} ÄäĞğİiıIÑñÖöŞşŪūÜüŊŋ",
    "ky": f"{RUSSIAN} ҢңӨөҮү",
    "tr": f"{LATIN} ÇçĞğIıİiÖöŞşÜüÂâÎîÛû",
    "uz": f"{LATIN} OʻoʻGʻgʻ ShshChch ʼ ‘’",
    "uz-Cyrl": f"{RUSSIAN} ЎўҚқҒғҲҳ",
    "tk": f"{LATIN} ÇçÄäŇňÖöŞşÜüÝýŽž",
    "ru": RUSSIAN,
    "en": f"{LATIN} “quoted” ‘so’ — and – it’s… fiancée, naïve",
    "az-Cyrl": "АаБбВвГгҒғДдЕеӘәЖжЗзИиЫыЈјКкҜҝЛлМмНнОоӨөПпРрСсТтУуҮүФфХхҺһЧчҸҹШш",
    "signs": "0123456789 «…» „…“ № % & @ § © ° × ± − – — · • → € ₸ ₽ ₺ ₼",
    "transliteration": "ā ī ū ṣ ṭ ḥ ḍ ẓ ʿ ʾ ǧ š č ž ñ ē ō",
}
# Source Serif draws none of these; Inter stands in for single letters of headings.
NOT_IN_SERIF = set("ҜҝҸҹ₼")

DRAW = """
([tag, text, isHeading]) => {
  const box = document.createElement('p');
  box.id = 'drawn';
  box.lang = tag;
  box.textContent = text;
  box.style.fontFamily = getComputedStyle(document.documentElement).getPropertyValue(isHeading ? '--display' : '--font');
  document.querySelector('#drawn')?.remove();
  document.querySelector('main').append(box);
  return document.fonts.ready.then(() => true);
}
"""
# Long as they come: "of those of you who were not satisfied", "to those whom we could not make civilised".
LONG_WORDS = {
    "kk": "қанағаттандырылмағандықтарыңыздан көпшіліктендіргендеріңізден",
    "az": "mədəniyyətləşdirə­bilmədiklərimizdənsinizmi müasirləşdirilməmişlərdənmisinizmi".replace("\xad", ""),
    "ru": "высокопревосходительствующими частнопредпринимательского",
}


def fonts_of(page: Page, tag: str, text: str, *, is_heading: bool) -> dict[str, bool]:
    """The fonts that draw *text* as the browser tells: family, and whether it came from the page."""
    page.evaluate(DRAW, [tag, text, is_heading])
    page.wait_for_timeout(60)
    page.evaluate("document.fonts.ready.then(() => true)")
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": "#drawn"})["nodeId"]
    found = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    devtools.detach()
    return {font["familyName"]: font["isCustomFont"] for font in found}


@pytest.mark.parametrize("tag", ALPHABETS)
def test_letters_are_drawn_by_our_fonts(shared_site: Any, look: Callable[..., Page], tag: str) -> None:
    page, text = look("/about"), ALPHABETS[tag]
    assert fonts_of(page, tag, text, is_heading=False) == {"Inter": True}
    in_serif = "".join(letter for letter in text if letter not in NOT_IN_SERIF)
    assert fonts_of(page, tag, in_serif, is_heading=True) == {"Ortaq Serif": True}


def test_letters_that_the_serif_lacks_come_from_the_other_font(shared_site: Any, look: Callable[..., Page]) -> None:
    assert fonts_of(look("/about"), "az-Cyrl", "Ҝҝ Ҹҹ ₼", is_heading=True) == {"Ortaq Serif": True, "Inter": True}


def test_a_letter_of_no_font_of_ours_is_noticed(shared_site: Any, look: Callable[..., Page]) -> None:
    """The proof of the proof: the browser tells of a font of the system."""
    assert False in fonts_of(look("/about"), "ka", "საქართველო", is_heading=False).values()


@pytest.mark.parametrize("is_heading", [False, True])
def test_figures_are_equally_wide_where_they_stand_in_columns(
    shared_site: Any, look: Callable[..., Page], is_heading: bool
) -> None:
    page = look("/about")
    assert all(fonts_of(page, "en", "0123456789", is_heading=is_heading).values())  # and waits for them
    measure = """
    ([digit, isHeading]) => {
      const box = document.createElement('span');
      box.className = 'number';
      box.style.display = 'inline-block';
      box.textContent = digit.repeat(20);
      box.style.fontFamily = getComputedStyle(document.documentElement).getPropertyValue(isHeading ? '--display' : '--font');
      document.querySelector('main').append(box);
      const width = Math.round(box.getBoundingClientRect().width * 10);
      box.remove();
      return width;
    }
    """
    assert len({page.evaluate(measure, [digit, is_heading]) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("tag", LONG_WORDS)
def test_long_words_stay_on_a_narrow_page(shared_site: Any, look: Callable[..., Page], tag: str) -> None:
    page = look("/", viewport={"width": 320, "height": 640}, language=tag)
    too_wide = []
    for path in ("/", "/search?q=Шеки", "/search?kind=monument", "/sign-in", "/about"):
        page.goto(path)
        for selector in ("h1", "h2", "p", ".button", ".row-title a", "label", "dt", ".kind-name"):
            page.evaluate(
                "([selector, words]) => document.querySelectorAll(`main ${selector}`).forEach((one) => { one.textContent = words; })",
                [selector, LONG_WORDS[tag]],
            )
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            too_wide.append((path, width))
    assert too_wide == []
