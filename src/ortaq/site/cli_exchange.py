# SPDX-License-Identifier: Apache-2.0
"""The commands `ortaq partner …` and `ortaq key …`."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from ortaq.site import node

partners = typer.Typer(help="Nodes that this one exchanges with.", no_args_is_help=True)
keys = typer.Typer(help="The key with which this node signs.", no_args_is_help=True)

groups = typer.Typer(help="Partners under one name, which authors may write for.", no_args_is_help=True)
partners.add_typer(groups, name="group")

Name = Annotated[str, typer.Argument(help="Id, address or name of the partner.")]


class Trust(enum.StrEnum):
    """What a partner gets."""

    PUBLIC = "public"
    PARTNER = "partner"


class Files(enum.StrEnum):
    """Which files of a partner's records are fetched."""

    ALL = "all"
    UP_TO = "up-to"
    THUMBNAILS = "thumbnails"
    ON_DEMAND = "on-demand"


TrustOption = Annotated[Trust, typer.Option(help="public: what everyone may see; partner: what is for partners too.")]


@partners.command("add")
def add(address: str, trust: TrustOption = Trust.PARTNER) -> None:
    """Ask the node at an address who it is, and propose to exchange."""
    node.open_node(create=True)
    from ortaq.site.commands.partner import add as run  # late: app ready

    raise typer.Exit(run(address, trust))


@partners.command("accept")
def accept(name: Name, trust: TrustOption = Trust.PARTNER) -> None:
    """Exchange with a node that has proposed it."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import accept as run  # late: app ready

    raise typer.Exit(run(name, trust))


@partners.command("list")
def list_partners(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the partners: how far each log is here, and what stands in the way."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import list_partners as run  # late: app ready

    raise typer.Exit(run(as_json=as_json))


@partners.command("pause")
def pause(name: Name) -> None:
    """Give nothing to a partner and ask nothing of it for a while."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import pause as run  # late: app ready

    raise typer.Exit(run(name))


@partners.command("resume")
def resume(name: Name) -> None:
    """Go on with a partner that was paused."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import resume as run  # late: app ready

    raise typer.Exit(run(name))


@partners.command("end")
def end(name: Name) -> None:
    """Exchange no more; what came stays."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import end as run  # late: app ready

    raise typer.Exit(run(name))


@partners.command("set")
def set_terms(
    name: Name,
    trust: Annotated[Trust | None, typer.Option(help="What it gets.")] = None,
    files: Annotated[Files | None, typer.Option(help="Which of its files are fetched.")] = None,
    files_mb: Annotated[int | None, typer.Option(help="With up-to: the largest file, in MB.", min=0)] = None,
) -> None:
    """Change what a partner gets, and which of its files come here."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import set_terms as run  # late: app ready

    raise typer.Exit(run(name, trust, files, files_mb))


@partners.command("settle")
def settle(name: Name) -> None:
    """Say that the history which is here holds, where a partner has signed two; exchange goes on from it."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import settle as run  # late: app ready

    raise typer.Exit(run(name))


Names = Annotated[list[str], typer.Option("--name", help="LANGUAGE=NAME; once for each language.")]
Members = Annotated[list[str], typer.Option("--member", help="Id, address or name of a partner; once for each.")]
Group = Annotated[str, typer.Argument(help="Key or name of the group.")]


@groups.command("list")
def list_groups(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the groups of partners."""
    node.open_node(create=False)
    from ortaq.site.commands.partner_group import list_groups as run  # late: app ready

    raise typer.Exit(run(as_json=as_json))


@groups.command("add")
def make_group(name: Names, member: Members) -> None:
    """Make a group of partners."""
    node.open_node(create=False)
    from ortaq.site.commands.partner_group import make as run  # late: app ready

    raise typer.Exit(run(name, member))


@groups.command("set")
def change_group(
    group: Group,
    name: Annotated[list[str] | None, typer.Option("--name", help="LANGUAGE=NAME; an empty name goes.")] = None,
    member: Annotated[list[str] | None, typer.Option("--member", help="All that are in it from now on.")] = None,
) -> None:
    """Change the names or the members of a group; what was signed for it stays for those who were in it then."""
    node.open_node(create=False)
    from ortaq.site.commands.partner_group import change as run  # late: app ready

    raise typer.Exit(run(group, name or [], member or []))


@groups.command("remove")
def remove_group(group: Group) -> None:
    """Offer a group to authors no more; its partners stay partners."""
    node.open_node(create=False)
    from ortaq.site.commands.partner_group import remove as run  # late: app ready

    raise typer.Exit(run(group))


@keys.command("rotate")
def rotate(
    revoke: Annotated[
        bool, typer.Option("--revoke", help="The old key is in other hands: partners mark what it signed.")
    ] = False,
    recovery: Annotated[
        Path | None, typer.Option(help="File with the recovery key, where the old one is lost.")
    ] = None,
) -> None:
    """Let a new key sign from now on; what the old one signed stays proven."""
    node.open_node(create=False)
    from ortaq.site.commands.key import rotate as run  # late: app ready

    raise typer.Exit(run(revoke=revoke, recovery=recovery))


@keys.command("recovery")
def recovery() -> None:
    """Make a key that can take the place of a lost one; it is printed once."""
    node.open_node(create=False)
    from ortaq.site.commands.key import recovery as run  # late: app ready

    raise typer.Exit(run())


@keys.command("list")
def list_keys() -> None:
    """List the keys of this node."""
    node.open_node(create=False)
    from ortaq.site.commands.key import list_keys as run  # late: app ready

    raise typer.Exit(run())
