# SPDX-License-Identifier: Apache-2.0
"""Rules of this code that no common linter knows. Each takes a source text and gives (line, what is wrong).

tests/test_layout.py shows good and bad lines for each and runs them all over the tree.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

Fault = tuple[int, str]
Rule = Callable[[str], Iterator[Fault]]

DRAWERS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "managers",
    "handler",
    "handlers",
    "stuff",
}
LATE_REASONS = ("slow import", "optional dependency", "app ready")
CASE_METHODS = {"lower", "upper", "casefold"}
CASE_FILTERS = re.compile(r"\{\{[^}]*\|\s*(lower|upper|capfirst)\b")
GETTEXT = {
    "_", "N_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
ANONYMOUS = re.compile(r"(?<!%)%[sdif]|\{\}")


def late_imports(source: str) -> Iterator[Fault]:
    """Imports inside a function that do not give one of the reasons: `# late: slow import`."""
    lines = source.splitlines()
    for line in late_import_lines(source):
        if not any(f"# late: {reason}" in lines[line - 1] for reason in LATE_REASONS):
            yield line, f"import inside a function without '# late: REASON'; reasons are {', '.join(LATE_REASONS)}"


def late_import_lines(source: str) -> list[int]:
    """The lines of all imports inside functions."""
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    imports = [
        node for function in functions for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return sorted({node.lineno for node in imports})


def bare_case(source: str) -> Iterator[Fault]:
    """Changes of case that are wrong for Turkic text: "I".lower() is not "ı"; use language/case.py.

    A line that can only hold ASCII (codes, file names, protocol words) says so: `# ascii: REASON`.
    """
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in CASE_METHODS:
            line = node.end_lineno or node.lineno
            if not re.search(r"# ascii: \w", lines[line - 1]):
                yield line, f".{node.attr}() on what may be user text; use ortaq.language.case or say '# ascii: REASON'"


def bare_case_in_template(source: str) -> Iterator[Fault]:
    """The same in a template: |lower, |upper, |capfirst."""
    for number, line in enumerate(source.splitlines(), start=1):
        for found in CASE_FILTERS.finditer(line):
            yield number, f"filter |{found[1]} does not know the language of the text; use CSS or ortaq.language.case"


def unnamed_in_gettext(source: str) -> Iterator[Fault]:
    """Texts for translators that are put together before gettext sees them, or have placeholders without names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and called_name(node) in GETTEXT:
            for argument in node.args:
                if is_put_together(argument):
                    yield node.lineno, "text put together inside gettext; give a whole sentence and named placeholders"
                elif isinstance(argument, ast.Constant) and ANONYMOUS.search(str(argument.value)):
                    yield node.lineno, "placeholder without a name; write %(name)s"


def is_put_together(text: ast.expr) -> bool:
    """True for f"…", "…" + x, "…" % x and "…".format(x); a look-up of a marked text is none of these."""
    is_formatted = isinstance(text, ast.Call) and called_name(text) in ("format", "join", "replace")
    return is_formatted or isinstance(text, ast.JoinedStr | ast.BinOp)


def called_name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", None) or getattr(call.func, "attr", ""))


def missing_licence(source: str) -> Iterator[Fault]:
    """A first line that does not name the licence."""
    if not re.match(r"(#!.*\n)?# SPDX-License-Identifier: Apache-2\.0\n", source):
        yield 1, "the first line must be '# SPDX-License-Identifier: Apache-2.0'"


def filled_init(source: str) -> Iterator[Fault]:
    """Code in an __init__.py: import from where a thing lives."""
    if ast.parse(source).body:
        yield 1, "__init__.py must be empty but for the licence line"


def drawer(path: PurePath) -> bool:
    """True for a file or folder named after no thing of the field."""
    return any(part.removesuffix(".py") in DRAWERS for part in path.parts)
