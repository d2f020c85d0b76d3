# SPDX-License-Identifier: Apache-2.0
"""The page on rights, made by asking the policy (people/rules.py) about every role and every sort of record."""

from collections.abc import Callable, Iterator

from ortaq.core.audience import AUDIENCES, INSTITUTION, PRIVATE, STRANGER, Standing, Viewer, of_institution, token
from ortaq.people import rules
from ortaq.people.rules import ROLES, Subject

ME, COLLEAGUE, OUTSIDER, NODE = "urn:ortaq:me", "urn:ortaq:colleague", "urn:ortaq:outsider", "urn:ortaq:node"
OURS, THEIRS = "a" * 16, "b" * 16
Rule = Callable[[Viewer, Subject], bool]

RECORD_RULES: dict[str, Rule] = {
    "revise": rules.may_revise,
    "withdraw": rules.may_withdraw,
    "merge": rules.may_merge,
    "take a merge back": rules.may_take_back,
    "hide an opinion on it": rules.may_hide_answers,
    "choose who may know where it lies exactly": rules.may_keep_location,
}
COPY_RULES: dict[str, Rule] = {
    "read": rules.may_read,
    "publish": lambda viewer, subject: rules.may_publish(viewer, subject, needs_proposal=False),
    "publish, work flow on": lambda viewer, subject: rules.may_publish(viewer, subject, needs_proposal=True),
    "return": rules.may_return,
}
OWNERS = {
    "own": (OURS, ME),
    "a colleague's": (OURS, COLLEAGUE),
    "another institution's": (THEIRS, OUTSIDER),
    "the node's": ("", NODE),
}


def viewers() -> dict[str, Viewer]:
    """Everyone that the tables tell of: a stranger, each role, and the keeper who has the least of them."""
    people = {role: Viewer(ME, (Standing(ME, OURS, role),)) for role in ROLES}
    return {"stranger": STRANGER, **people, "keeper and reader": Viewer(ME, people["reader"].standings, is_keeper=True)}


def page(note: str) -> str:
    """The whole page; note: what stands at its top."""
    parts = [
        note,
        "# Rights\n",
        (
            "Made by asking `people/rules.py` about each role and each sort of record; what the tables do not allow is denied.\n"
            "What may not be read looks like what is not there. Each role may what those before it may. A *keeper* keeps the node:\n"
            "founds institutions, sets quotas, reads the node's audit trail, and reads no record for it.\n"
        ),
        "## Who reads a published record\n",
        *reading(),
        "\n## Who changes a record that is public\n",
        *table(RECORD_RULES, ("live", "withdrawn", "erased")),
        "\nSomebody's own words (opinions) are revised and withdrawn by nobody but their author.\n",
        "## Working copies: what is not published yet\n",
        *table(COPY_RULES, ("draft", "proposed", "returned")),
        "\n## Without a record\n",
        *general(),
    ]
    return "\n".join(parts) + "\n"


def reading() -> Iterator[str]:
    """Audience by viewer; a role makes no difference here, so each viewer stands for all."""
    columns = {
        "stranger": STRANGER,
        "person of another institution": Viewer(
            OUTSIDER, (Standing(OUTSIDER, THEIRS, "administrator"),), is_keeper=True
        ),
        "person of the institution": Viewer(COLLEAGUE, (Standing(COLLEAGUE, OURS, "reader"),)),
        "the author": Viewer(ME, (Standing(ME, OURS, "reader"),)),
    }
    yield from head(["audience", *columns])
    for name in AUDIENCES:
        stored = of_institution(OURS) if name == INSTITUTION else token(name, ME, NODE) if name == PRIVATE else name
        subject = Subject(OURS, ME, stored)
        yield row([f"`{name}`", *(mark(rules.may_read(viewer, subject)) for viewer in columns.values())])


def table(asked: dict[str, Rule], states: tuple[str, ...]) -> Iterator[str]:
    """Who may do each thing, by owner and state: a line names the roles that may, so that an empty one shows a denial."""
    yield from head(["what", "whose", "state", "who may"])
    for name, rule in asked.items():
        for whose, (institution, author) in OWNERS.items():
            for state in states:
                subject = Subject(institution, author, state=state)
                may = [who for who, viewer in viewers().items() if rule(viewer, subject)]
                yield row([name, whose, state, ", ".join(may) or "nobody"])


def general() -> Iterator[str]:
    """What is asked of a role alone."""
    asked: dict[str, Callable[[Viewer], bool]] = {
        "write working copies, give opinions, upload files": lambda one: rules.may_write(one.standing),
        "have a file of another node's record fetched": lambda one: rules.may_fetch(one.standing),
        "change many records": rules.may_change_many,
        "import (keepers who act for no institution: as the node)": rules.may_import,
        "people, work flow, audit trail of the own institution": lambda one: rules.may_administer(one, OURS),
        "people, work flow, audit trail of another institution": lambda one: rules.may_administer(one, THEIRS),
        "appoint administrators of any institution": lambda one: rules.may_give_role(one, THEIRS, "administrator"),
        "institutions, quotas, audit trail of the node": rules.may_keep,
    }
    yield from head(["what", "who may"])
    for name, rule in asked.items():
        yield row([name, ", ".join(who for who, viewer in viewers().items() if rule(viewer)) or "nobody"])


def mark(is_allowed: bool) -> str:
    return "reads" if is_allowed else "–"


def head(columns: list[str]) -> list[str]:
    return [row(columns), "|" + "---|" * len(columns)]


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
