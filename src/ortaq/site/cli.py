# SPDX-License-Identifier: Apache-2.0
"""The command `ortaq`. Exit codes: 0 done, 1 something was refused or off (said on stderr), 2 wrong usage."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ortaq.core.errors import OrtaqError
from ortaq.site import node
from ortaq.site.cli_exchange import keys, partners
from ortaq.site.cli_files import files as kept_files
from ortaq.site.errors import explained

app = typer.Typer(
    help="Ortaq: a common platform on heritage and restoration. Every institution runs its own node.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="People who sign in at this node.", no_args_is_help=True)
records = typer.Typer(help="Take a record back, or erase versions of it for good.", no_args_is_help=True)
institutions = typer.Typer(help="Institutions that this node serves.", no_args_is_help=True)
app.add_typer(users, name="user")
app.add_typer(institutions, name="institution")
app.add_typer(records, name="record")
app.add_typer(partners, name="partner")
app.add_typer(keys, name="key")
app.add_typer(kept_files, name="files")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Files = Annotated[list[Path], typer.Argument(help="Files to read.")]


@app.callback()
def folder(
    home: Annotated[Path | None, typer.Option(help="Data folder; default $ORTAQ_HOME or ./ortaq-data.")] = None,
) -> None:
    if home is not None:
        os.environ["ORTAQ_HOME"] = str(home.resolve())


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    while_input: Annotated[
        bool, typer.Option("--while-input", hidden=True, help="Stop when the standard input ends.")
    ] = False,
) -> None:
    """Create the node on the first start, then serve web and API, and keep the index."""
    node.open_node(create=True)
    from ortaq.site.commands.serve import serve as run  # late: app ready

    run(host, port, while_input=while_input)


@app.command()
def demo(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port of the first node; the others take the next ones.", max=65533)] = 8010,
) -> None:
    """Serve three nodes that exchange, Baku, Astana and Bishkek, with the sample; forgotten at the end unless --home is given."""
    from ortaq.site.commands.demo import demo as run  # late: slow import

    kept = context.parent.params["home"] if context.parent else None
    raise typer.Exit(run(kept, port))


@app.command("import")
def import_(
    files: Files,
    format_: Annotated[
        str,
        typer.Option(
            "--format", help="auto, jsonl, csv, linked-art, lido, marc, ead, skos, iiif, arches, unesco, geonames."
        ),
    ] = "auto",
    mapping: Annotated[Path | None, typer.Option(help="CSV: which column is which field.")] = None,
    accept_guess: Annotated[bool, typer.Option(help="CSV: take the guessed mapping without asking.")] = False,
    save_mapping: Annotated[Path | None, typer.Option(help="CSV: write the guessed mapping here.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write per input record what came in, what was lost and why.")
    ] = None,
    audience: Annotated[str | None, typer.Option(help="Audience of records that name none.")] = None,
) -> None:
    """Read records in; a second time changes nothing."""
    me = node.open_node(create=True)
    from ortaq.site.commands.import_ import import_files  # late: app ready
    from ortaq.site.follower import followed_by_process  # late: app ready

    with followed_by_process():
        code = import_files(
            files,
            format=format_,
            mapping=mapping,
            accept_guess=accept_guess,
            save_mapping=save_mapping,
            report=report,
            audience=audience or "public",
            by=me.uri,
        )
    raise typer.Exit(code)


@app.command()
def harvest(
    url: Annotated[str, typer.Argument(help="Base address of the repository, for example https://museum.example/oai")],
    format_: Annotated[str, typer.Option("--format", help="lido or oai_dc.")] = "lido",
    set_: Annotated[str, typer.Option("--set", help="Only this set of the repository.")] = "",
    from_: Annotated[
        str, typer.Option("--from", help="Only what changed since this day; default: since the last harvest.")
    ] = "",
    audience: Annotated[str, typer.Option(help="Audience of the records.")] = "public",
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many records; the next call goes on.")] = None,
) -> None:
    """Take in what a repository offers by OAI-PMH; a second time only what is new."""
    node.open_node(create=True)
    from ortaq.doors.imports.harvest.running import Wishes  # late: app ready
    from ortaq.site.commands.harvest import harvest_repository  # late: app ready
    from ortaq.site.follower import followed_by_process  # late: app ready

    wishes = Wishes(format_, set_, from_, audience, limit)
    with followed_by_process():
        code = harvest_repository(url, wishes)
    raise typer.Exit(code)


@app.command()
def export(
    target: Annotated[Path | None, typer.Argument(help="File or folder to write; as --output.")] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help="jsonl, csv, linked-art, lido, edm, oai-dc, crm or skos; ocfl or bagit make a folder, with files.",
        ),
    ] = "jsonl",
    query: Annotated[str, typer.Option(help="Only what this search finds.")] = "",
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    audience: Annotated[
        str, typer.Option(help="node: all that people of the node see; public: what everyone sees.")
    ] = "node",
    output: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write here what the format could not hold, by record and field.")
    ] = None,
) -> None:
    """Write records out."""
    node.open_node(create=False)
    from ortaq.site.commands.export import export_records  # late: app ready

    raise typer.Exit(
        export_records(
            format=format_, query=query, kind=kind, audience=audience, output=target or output, report=report
        )
    )


@app.command()
def read(
    files: Files,
    as_json: Json = False,
    keep: Annotated[bool, typer.Option(help="Keep the reports as records of this node.")] = False,
) -> None:
    """Read press reports: language, date, body, places and institutions, each with the words it rests on."""
    if keep:
        node.open_node(create=True)
    from ortaq.site.commands.read import read as run  # late: slow import

    raise typer.Exit(run(files, as_json=as_json, keep=keep))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, in any language and script.")] = "",
    lang: Annotated[str | None, typer.Option(help="Language of the question and of the titles shown.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: Json = False,
    queries: Annotated[
        Path | None, typer.Option(help="JSONL with many questions: one a line in, one answer a line out.")
    ] = None,
) -> None:
    """Search as the web page does."""
    node.open_node(create=False)
    from ortaq.site.commands.search import search as run  # late: app ready

    raise typer.Exit(run(query, lang=lang, kind=kind, limit=limit, as_json=as_json, queries_file=queries))


@app.command()
def verify(as_json: Json = False) -> None:
    """Check the log chain, signatures, digests, derived rows, files and index."""
    node.open_node(create=False)
    from ortaq.site.commands.verify import verify as run  # late: app ready

    raise typer.Exit(run(as_json=as_json))


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Write the whole node into a folder, while it runs."""
    node.open_node(create=False)
    from ortaq.site.commands.backup import backup as run  # late: app ready

    raise typer.Exit(run(target.resolve()))


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="Folder that 'ortaq backup' made.")]) -> None:
    """Make the node of a backup in a new data folder, and verify it."""
    from ortaq.site.commands.backup import restore as run  # late: app ready

    raise typer.Exit(run(source.resolve()))


@app.command()
def reindex() -> None:
    """Build the search index anew from the records."""
    node.open_node(create=False)
    from ortaq.site.commands.reindex import reindex as run  # late: app ready

    raise typer.Exit(run())


@app.command()
def digest() -> None:
    """Send everyone by mail what is new for them; the server does it once a day by itself."""
    node.open_node(create=False)
    from ortaq.site.commands.digest import digest as run  # late: app ready

    raise typer.Exit(run())


@app.command(hidden=True)
def follow(commit_after: Annotated[float, typer.Option(help="Seconds that a document may wait.")] = 0.0) -> None:
    """Index what is written until the standard input ends."""
    node.open_node(create=False)
    from ortaq.site.follower import follow_until_input_ends  # late: app ready

    follow_until_input_ends(commit_after)


@app.command(hidden=True)
def work() -> None:
    """Do the jobs that people have begun on pages until the standard input ends."""
    node.open_node(create=False)
    from ortaq.site.worker import work_until_input_ends  # late: app ready

    work_until_input_ends()


@app.command(hidden=True)
def exchange() -> None:
    """Exchange with partners until the standard input ends."""
    node.open_node(create=False)
    from ortaq.site.exchanger import exchange_until_input_ends  # late: app ready

    exchange_until_input_ends()


@app.command()
def sync(as_json: Json = False) -> None:
    """Take what is new from every partner, once; the server does it all the time."""
    node.open_node(create=False)
    from ortaq.site.commands.partner import sync as run  # late: app ready

    raise typer.Exit(run(as_json=as_json))


@users.command("invite")
def invite(
    institution: Annotated[str | None, typer.Option(help="Id of the institution; default: the oldest one.")] = None,
    role: Annotated[
        str, typer.Option(help="reader, contributor, editor, steward or administrator of the institution.")
    ] = "contributor",
    keeper: Annotated[
        bool,
        typer.Option("--keeper", "--administrator", help="The person keeps the node, and administers the institution."),
    ] = False,
    base: Annotated[str, typer.Option(help="Address of the node.")] = "http://127.0.0.1:8000",
) -> None:
    """Print a one-time link by which someone joins this node."""
    node.open_node(create=False)
    from ortaq.people.rules import ROLES  # late: app ready
    from ortaq.site.commands.user import invite as run  # late: app ready

    if role not in ROLES:
        raise typer.BadParameter(f"'{role}' is not one of {', '.join(ROLES)}", param_hint="--role")
    raise typer.Exit(run(institution, role, keeper=keeper, base=base))


@users.command("list")
def list_users(as_json: Json = False) -> None:
    """List who signs in here."""
    node.open_node(create=False)
    from ortaq.site.commands.user import list_people  # late: app ready

    raise typer.Exit(list_people(as_json=as_json))


@users.command("end")
def end_user(login: str) -> None:
    """Let somebody sign in here no more, at once; what they wrote stays under their name."""
    node.open_node(create=False)
    from ortaq.site.commands.user import end  # late: app ready

    raise typer.Exit(end(login))


@users.command("recover")
def recover_user(
    login: str, base: Annotated[str, typer.Option(help="Address of the node.")] = "http://127.0.0.1:8000"
) -> None:
    """Print a link by which somebody who cannot sign in sets a new password, within a day; second factors are forgotten."""
    node.open_node(create=False)
    from ortaq.site.commands.user import recovery_link  # late: app ready

    raise typer.Exit(recovery_link(login, base))


@institutions.command("add")
def add_institution(
    name: str,
    lang: Annotated[str, typer.Option(help="Language of the name.")] = "und",
    country: Annotated[str, typer.Option(help="ISO 3166-1 code of its country.")] = "",
) -> None:
    """Found an institution; prints its id."""
    node.open_node(create=False)
    from ortaq.site.commands.institution import add  # late: app ready

    raise typer.Exit(add(name, lang, country))


@institutions.command("list")
def list_institutions(as_json: Json = False) -> None:
    """List the institutions, closed ones too."""
    node.open_node(create=False)
    from ortaq.site.commands.institution import list_institutions as run  # late: app ready

    raise typer.Exit(run(as_json=as_json))


@records.command("withdraw")
def withdraw(uri: str) -> None:
    """Withdraw a record: a change without body; its history stays."""
    me = node.open_node(create=False)
    from ortaq.records.actions import withdraw_as_node  # late: app ready

    typer.echo(f"{withdraw_as_node(uri, by=me.uri).status} {uri}")


@records.command("erase")
def erase(
    uri: str,
    versions: Annotated[
        list[int], typer.Option("--version", help="A version whose body goes for good; may be repeated.")
    ],
) -> None:
    """Erase the bodies of versions for good; the chain stays provable."""
    me = node.open_node(create=False)
    from ortaq.records.actions import erase_versions  # late: app ready

    erase_versions(uri, versions, by=me.uri)
    typer.echo(f"erased {uri} versions {', '.join(map(str, versions))}")


def main(arguments: list[str] | None = None) -> Any:
    """Run the command and exit; what went wrong is one line on stderr, never a traceback."""
    try:
        app(home_first(sys.argv[1:] if arguments is None else arguments), standalone_mode=True)
    except OrtaqError as error:
        refuse(error)
    # The door of the command line: what is understood is explained, the rest is a fault of ours.
    except Exception as error:
        meaning = explained(error, node.home())
        if meaning is None:
            raise
        refuse(meaning)
    except KeyboardInterrupt:
        sys.exit(130)


def home_first(arguments: list[str]) -> list[str]:
    """Return *arguments* with `--home DIR` before the command, wherever it stood: people write it at either end."""
    home: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*home, *rest, argument, *waiting]
        if argument == "--home":
            home = [argument, *(value for value in [next(waiting, None)] if value is not None)]
        elif argument.startswith("--home="):
            home = [argument]
        else:
            rest.append(argument)
    return [*home, *rest]


def refuse(error: OrtaqError) -> None:
    print(f"ortaq: {error.code}: {error}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
