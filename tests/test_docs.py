# SPDX-License-Identifier: Apache-2.0
"""The documentation says what the code does: settings, errors, kinds, commands, folders, links."""

import re
from pathlib import Path

import pytest
import reference

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "src").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")]
)
INTERNAL = {"ORTAQ_SERVER_PROCESS"}  # set by the node for its own processes


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", reference.pages())
def test_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == reference.pages()[name](), "run: make docs"


def test_every_error_has_its_own_code_and_an_anchor() -> None:
    codes = [error.code for error in reference.errors()]
    assert sorted(codes) == sorted(set(codes))
    assert sorted(re.findall(r'<a id="([^"]+)">', text("docs/reference/errors.md"))) == sorted(codes)


def test_every_setting_is_described_and_no_other() -> None:
    modules = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    used = {name for module in modules for name in re.findall(r'"(ORTAQ_[A-Z_]+)"', module)} - INTERNAL
    assert set(re.findall(r"^\| `(ORTAQ_[A-Z_]+)`", text("docs/reference/settings.md"), re.MULTILINE)) == used


def test_every_folder_of_the_house_is_in_the_architecture() -> None:
    folders = [path.parent.relative_to(ROOT / "src/ortaq") for path in (ROOT / "src/ortaq").rglob("__init__.py")]
    names = [
        f"{folder}/" for folder in folders if folder.name not in ("migrations", "templatetags") and str(folder) != "."
    ]
    page = text("ARCHITECTURE.md")
    assert [name for name in names if name not in page and f"{Path(name).name}/" not in page] == []


def test_every_make_target_has_its_line_of_help() -> None:
    makefile = text("Makefile")
    targets = set(re.findall(r"^([a-z]+):.*## .", makefile, re.MULTILINE))
    assert targets == {"help", "setup", "run", "test", "check", "fix", "bench", "soak", "demo", "docs"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_change_notes_have_a_name_that_says_their_sort() -> None:
    wrong = [
        path.name
        for path in (ROOT / "changelog.d").glob("*.md")
        if path.name != "README.md"
        and not re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|security|breaking)\.md", path.name)
    ]
    assert wrong == []
