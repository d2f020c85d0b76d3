# SPDX-License-Identifier: Apache-2.0
"""The tree keeps its own rules: no cycles, no drawers, nothing user-written compared without language/."""

import subprocess
import sys
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePath

import grimp
import layout
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/ortaq"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
LATE_IMPORTS_AT_MOST = 10  # below site/, where commands wait for Django; raise this only with a good reason


def faults(rule: layout.Rule, paths: Iterable[Path]) -> list[str]:
    """What *rule* finds in the files, as FILE:LINE: FAULT."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in paths
        for line, fault in rule(path.read_text(encoding="utf-8"))
    ]


GOOD_AND_BAD = [
    (layout.late_imports, "import re\ndef f():\n    import edtf  # late: slow import\n", "def f():\n    import re\n"),
    (layout.late_imports, "import re\n", "def f():\n    import re  # late: because\n"),
    (layout.bare_case, "fold_case(title, lang)\n", "title.lower()\n"),
    (layout.bare_case, "code.upper()  # ascii: ISO country code\n", "sorted(titles, key=str.casefold)\n"),
    (layout.bare_case, "is_upper(x)\n", "x.upper()  # ascii:\n"),
    (layout.bare_case_in_template, "{{ title }} lower", "<b>{{ title|upper }}</b>"),
    (layout.bare_case_in_template, "{{ n|default:'upper' }}", "{{ title|default:x|capfirst }}"),
    (layout.unnamed_in_gettext, "_('%(n)s records') % {'n': 3}\n", "_(f'{n} records')\n"),
    (layout.unnamed_in_gettext, "N_('100 %% of it')\n", "N_('%s records')\n"),
    (layout.unnamed_in_gettext, "ngettext('one', '%(n)s of them', n)\n", "gettext('a' + b)\n"),
    (layout.unnamed_in_gettext, "print('%s')\n", "pgettext('month', 'May {}')\n"),
    (layout.unnamed_in_gettext, "_(LABELS.get(name))\n", "_('%s' % name)\n"),
    (layout.unnamed_in_gettext, "_('May').format()\n", "_('{name}'.format(name=1))\n"),
    (layout.missing_licence, "# SPDX-License-Identifier: Apache-2.0\n", "import re\n"),
    (
        layout.missing_licence,
        "#!/bin/x\n# SPDX-License-Identifier: Apache-2.0\n",
        "\n# SPDX-License-Identifier: Apache-2.0\n",
    ),
    (layout.filled_init, "# SPDX-License-Identifier: Apache-2.0\n", "from x import y\n"),
]


@pytest.mark.parametrize(("rule", "good", "bad"), GOOD_AND_BAD)
def test_rule_passes_good_lines_and_finds_bad_ones(rule: layout.Rule, good: str, bad: str) -> None:
    assert list(rule(good)) == []
    assert len(list(rule(bad))) == 1


@pytest.mark.parametrize(
    ("path", "is_drawer"), [("records/door.py", False), ("web/utils.py", True), ("common/x.py", True)]
)
def test_drawer_is_known_by_its_name(path: str, is_drawer: bool) -> None:
    assert layout.drawer(PurePath(path)) == is_drawer


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_modules_import_each_other_in_one_direction() -> None:
    graph = grimp.build_graph("ortaq", exclude_type_checking_imports=True, cache_dir=None)
    order = TopologicalSorter({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(f"modules import each other: {' → '.join(error.args[1])}")


def test_late_imports_are_few_and_say_why() -> None:
    below_site = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "site"]
    count = sum(len(layout.late_import_lines(path.read_text(encoding="utf-8"))) for path in below_site)
    assert faults(layout.late_imports, MODULES) == []
    assert count <= LATE_IMPORTS_AT_MOST


def test_case_of_user_text_is_changed_only_in_language() -> None:
    outside = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "language"]
    assert faults(layout.bare_case, outside) == []
    assert faults(layout.bare_case_in_template, TEMPLATES) == []


def test_texts_for_translators_are_whole_and_name_their_placeholders() -> None:
    assert faults(layout.unnamed_in_gettext, MODULES) == []


def test_every_file_names_its_licence() -> None:
    everywhere = [path for folder in ("src", "tests", "tools", "bench") for path in (ROOT / folder).rglob("*.py")]
    code = sorted(path for path in everywhere if "migrations" not in path.parts and path.stat().st_size)
    assert faults(layout.missing_licence, code) == []


def test_init_files_are_empty() -> None:
    assert faults(layout.filled_init, sorted(PACKAGE.rglob("__init__.py"))) == []


def test_no_module_is_a_drawer() -> None:
    assert [str(path) for path in MODULES if layout.drawer(path.relative_to(PACKAGE))] == []
