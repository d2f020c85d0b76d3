# SPDX-License-Identifier: Apache-2.0
"""Writes the reference pages that follow from the code: kinds, errors, commands. With CI=true it only compares."""

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import django
import rights
import typer

import ortaq
from ortaq.core.errors import OrtaqError
from ortaq.core.kind import Body, FieldSpec, specs
from ortaq.core.problems import SAY

Command = Any  # typer brings its own copy of click's classes and no public name for them

REFERENCE = Path(__file__).resolve().parent.parent / "docs/reference"
NOTE = "<!-- written by `make docs` from the code; do not edit -->\n"
# The roles of fields (core/fields.py) in the words of the reader.
TYPES = {
    "name": "names (language map)", "prose": "text (language map)", "markup": "text in Markdown", "word": "line of text",
    "choice": "one of", "term": "term", "ref": "reference", "links": "links", "span": "span (EDTF)", "date": "date",
    "point": "point", "files": "files", "url": "web address", "lang": "language tag", "country": "country code",
    "number": "whole number", "flag": "true or false", "amount": "amount with unit", "group": "group", "source": "source id",
}  # fmt: skip


def main() -> int:
    """Write the pages, or say which differ; the exit code."""
    django.setup()
    differ = [name for name, page in pages().items() if (REFERENCE / name).read_text(encoding="utf-8") != page()]
    if not differ:
        print("the generated reference pages are up to date")
        return 0
    if os.environ.get("CI") == "true":
        print(
            f"docs/reference: {', '.join(differ)} differ from the code; run make docs and commit them", file=sys.stderr
        )
        return 1
    for name in differ:
        (REFERENCE / name).write_text(pages()[name](), encoding="utf-8")
        print(f"wrote docs/reference/{name}")
    return 0


def pages() -> dict[str, Callable[[], str]]:
    """The generated pages: file name and what makes the text."""
    return {
        "kinds.md": kinds_page, "errors.md": errors_page, "commands.md": commands_page, "rights.md": lambda: rights.page(NOTE),
        "openapi.json": openapi_document,
    }  # fmt: skip


def openapi_document() -> str:
    """What every node with these kinds serves at /api/openapi.json."""
    from ortaq.doors.api.document import document
    from ortaq.site.kinds import KINDS

    return json.dumps(document(KINDS), ensure_ascii=False, indent=1) + "\n"


def kinds_page() -> str:
    """Every kind with its fields; those that all kinds have stand once."""
    from ortaq.site.kinds import KINDS

    common = specs(Body, "every kind")
    parts = [
        NOTE,
        "# Kinds\n",
        "What a record of each kind may say; *required* fields are marked.\n",
        "## Every kind\n",
        *fields_table(common),
    ]
    for kind in KINDS:
        own = [spec for spec in kind.fields if spec not in common]
        about = (kind.body.__doc__ or "").strip()
        parts += [f"\n## `{kind.name}`\n", f"{kind.label}. {about}\n"]
        parts += ["A title is required.\n"] if kind.needs_title else []
        parts += fields_table(own)
    return "\n".join(parts) + "\n"


def fields_table(fields: Iterable[FieldSpec]) -> Iterator[str]:
    """The rows of a table of fields, groups opened."""
    yield "| field | is called | holds |\n|---|---|---|"
    for name, spec in flattened(fields):
        required = " *required*" if spec.is_required else ""
        choices = f" {', '.join(f'`{value}`' for value in spec.choices)}" if spec.choices else ""
        many = "list: " if spec.is_many else ""
        yield f"| `{name}`{required} | {spec.label} | {many}{TYPES[spec.role.value]}{choices} |"


def flattened(fields: Iterable[FieldSpec], before: str = "") -> Iterator[tuple[str, FieldSpec]]:
    """(name, spec) of all fields; those of a group after it, as `group.field`."""
    for spec in fields:
        yield before + spec.name, spec
        yield from flattened(spec.parts, f"{before}{spec.name}{'[]' if spec.is_many else ''}.")


def errors_page() -> str:
    """Every error code with an anchor, so that an answer can link to it."""
    rows = [
        f'| <a id="{error.code}"></a>`{error.code}` | {error.status} | {error.say.replace("|", "&#124;")} |'
        for error in sorted(errors(), key=lambda error: error.code)
    ]
    head = "| code | HTTP | says |\n|---|---|---|"
    note = "The code and the facts never change and are not translated; the sentence is, where a person reads it.\n"
    return "\n".join([NOTE, "# Errors\n", note, head, *rows, *problems_table()]) + "\n"


def problems_table() -> Iterator[str]:
    """What can be wrong with one field, as `record.invalid` tells it."""
    yield "\n## Fields\n"
    yield "`record.invalid` tells for every field at fault where it is, one of these codes and its facts.\n"
    yield "| code | says |\n|---|---|"
    yield from (f"| `{code}` | {say} |" for code, say in SAY.items())


def errors() -> list[type[OrtaqError]]:
    """All classes of errors that the package declares."""
    load_package()
    found: list[type[OrtaqError]] = []
    waiting: list[type[OrtaqError]] = [OrtaqError]
    while waiting:
        children = [child for child in waiting.pop().__subclasses__() if child.__module__.startswith("ortaq.")]
        found += [child for child in children if "code" in vars(child)]
        waiting += children
    return found


def load_package() -> None:
    """Import every module of the package, so that all its classes exist."""
    for module in pkgutil.walk_packages(ortaq.__path__, "ortaq."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def commands_page() -> str:
    """Every command with its arguments and options."""
    from ortaq.site.cli import app

    parts = [NOTE, "# Commands\n"]
    parts += [
        "Exit codes: 0 done; 1 something was refused or off, said on stderr in one line each; 2 wrong usage. `--json` output is",
        "stable; progress goes to stderr; nothing asks when stdin is no terminal.\n",
        "The data folder is `--home DIR`, before or after the command, or `ORTAQ_HOME`, `./ortaq-data` if neither is said.",
    ]
    for name, command in sorted(commands_of(typer.main.get_command(app), "ortaq")):
        parts += [f"\n## `{usage(name, command)}`\n", (command.help or "").strip(), *options(command)]
    return "\n".join(parts) + "\n"


def commands_of(command: Command, name: str) -> Iterator[tuple[str, Command]]:
    """(full name, command) of every command that is not hidden."""
    for child in getattr(command, "commands", {}).values():
        if child.hidden:
            continue
        if hasattr(child, "commands"):
            yield from commands_of(child, f"{name} {child.name}")
        else:
            yield f"{name} {child.name}", child


def usage(name: str, command: Command) -> str:
    """The command with its arguments, as one types it."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    names = [f"{one.name.upper()}{'…' if one.nargs == -1 else ''}" for one in arguments]  # ascii: names of parameters
    return " ".join(
        [name, *(shown if one.required else f"[{shown}]" for one, shown in zip(arguments, names, strict=True))]
    )


def options(command: Command) -> list[str]:
    """A table of the options; nothing if there are none."""
    found = [one for one in command.params if one.param_type_name == "option" and not one.hidden and one.name != "help"]
    rows = [
        f"| {', '.join(f'`{name}`' for name in [*one.opts, *one.secondary_opts])} | {meaning(one)} |" for one in found
    ]
    return ["\n| option | meaning |\n|---|---|", *rows] if rows else []


def meaning(option: Any) -> str:
    default = "" if option.default in (None, False, "") or option.required else f" (default: {option.default})"
    return (option.help or "").strip() + default


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "ortaq.site.settings"
    sys.exit(main())
