# SPDX-License-Identifier: Apache-2.0
"""What attackers type, and how to see on a page whether it took effect."""

from collections.abc import Iterator

from lxml import html
from lxml.etree import ParserError

from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from tests.test_kinds import SAMPLES

MARK = "pwned7"
SCRIPTS = [
    f"<script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f'</textarea></title></style></script><iframe srcdoc="<script>{MARK}()</script>">',
    f"[x](javascript:{MARK}())",
    f'<a href="javascript:{MARK}()">x</a>',
    f"<javascript:{MARK}()>",
    f'![x](x" onerror="{MARK}())',
    f"{{{{{MARK}}}}}{{% {MARK} %}}${{{MARK}}}",
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={MARK}()&gt;">',
    f"</script><script>{MARK}()//",
    f"data:text/html,<script>{MARK}()</script>",
]
EVERYTHING = " ".join(SCRIPTS)
# What else is sent to break a query, a header or a path.
CRUDE = [
    "'; DROP TABLE records_record; --", "' OR '1'='1", "\") UNION SELECT password FROM people_person --", "%' AND 1=(SELECT 1)--",
    "x\r\nSet-Cookie: taken=1\r\n\r\n<b>", "%0d%0aX-Taken: 1", "\x00", "../../../../etc/passwd", "..\\..\\", "%2e%2e%2f",
    "//evil.example", "https://evil.example/", "\\\\evil.example", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "9" * 400, "-1", "NaN", "1e999", "A" * 9_000, "((((((((((*", "field:value AND NOT \"", "💥" * 50, "\u202e\u0000",
]  # fmt: skip
_TEXTS = {Role.NAME, Role.PROSE, Role.MARKUP, Role.WORD, Role.SOURCE}
_RUNNABLE = ("javascript:", "data:text", "vbscript:")


def hostile(kind: Kind) -> dict[str, object]:
    """A body of *kind* with everything in every field that takes text, and a good value in the others."""
    left_out = {spec.name for spec in kind.fields if spec.name in kind.bounded_by and not spec.is_required}
    return {spec.name: _value(spec) for spec in kind.fields if spec.name not in left_out}


def _value(spec: FieldSpec) -> object:
    made: object
    if spec.role is Role.CHOICE:
        made = next(iter(spec.choices or {}))
    elif spec.role is Role.GROUP:
        made = {part.name: _value(part) for part in spec.parts}
    elif spec.role in (Role.NAME, Role.PROSE):
        return {"az": [EVERYTHING, *SCRIPTS], "kk": [EVERYTHING], "und-Cyrl": [EVERYTHING]}
    elif spec.role in _TEXTS:
        made = EVERYTHING[:490] if spec.role is Role.SOURCE else EVERYTHING
    elif spec.role is Role.LINKS:
        return [
            {"role": "related_to", "to": "geo:target", "note": EVERYTHING},
            {"role": "about", "to": f"https://x.example/{MARK}"},
        ]
    elif spec.role is Role.FILES:
        return []
    elif spec.role is Role.URL:
        made = f"https://x.example/?a=1&b='{MARK}();'"
    else:
        made = SAMPLES[spec.role]
    return [made] if spec.is_many and not isinstance(made, list) else made


def effects(page: str) -> Iterator[str]:
    """What on *page* would run or load something that the page itself did not bring."""
    try:
        tree = html.document_fromstring(page)
    except ParserError:
        return
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            folded = "".join(str(value).split())
            if name.startswith("on") or name in ("srcdoc", "formaction", "style"):
                yield f"<{element.tag} {name}={value[:60]!r}>"
            if name in ("href", "src", "action", "data", "xlink:href", "poster") and folded.startswith(_RUNNABLE):
                yield f"<{element.tag} {name}={value[:60]!r}>"
        if element.tag in (
            "iframe",
            "object",
            "embed",
            "base",
            "math",
            "mglyph",
            "style",
            "meta",
        ) and MARK in html.tostring(element, encoding="unicode"):
            yield f"<{element.tag}> with what was typed"
        if element.tag == "script" and "src" not in element.attrib and element.get("type") != "application/json":
            yield f"<script> with {(element.text or '')[:60]!r}"
        if element.tag in ("img", "svg") and MARK in html.tostring(element, encoding="unicode", with_tail=False):
            yield f"<{element.tag}> with what was typed"
