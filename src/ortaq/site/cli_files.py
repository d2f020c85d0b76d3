# SPDX-License-Identifier: Apache-2.0
"""The commands `ortaq files …`."""

from pathlib import Path
from typing import Annotated

import typer

from ortaq.site import node

files = typer.Typer(
    help="The bytes that this node keeps: whether they are right, and how they become so again.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@files.command("check")
def check(as_json: Json = False) -> None:
    """Read every kept file again, as fast as it goes, those first that were not read for longest, and note what is damaged."""
    node.open_node(create=False)
    from ortaq.site.commands.files import check as run  # late: app ready

    raise typer.Exit(run(as_json=as_json))


@files.command("heal")
def heal(
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", help="A backup, or a folder with backups in it; may be repeated. Beside those of ORTAQ_HEAL_FROM."
        ),
    ] = None,
    known: Annotated[
        bool, typer.Option("--known", help="Do not read all files first: only what is noted as damaged.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put right copies in the place of damaged files, from backups and from partners."""
    node.open_node(create=False)
    from ortaq.site.commands.files import heal as run  # late: app ready

    raise typer.Exit(run([one.resolve() for one in from_ or ()], known=known, as_json=as_json))
