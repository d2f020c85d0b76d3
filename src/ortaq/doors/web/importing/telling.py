# SPDX-License-Identifier: Apache-2.0
"""What the importer refuses, in the reader's language; where it speaks of options of the command, the page speaks of itself."""

from typing import Any

from django.utils.translation import gettext as _

from ortaq.core.errors import N_, OrtaqError
from ortaq.records.jobs import as_told

_HERE = {
    "import.unknown-format": N_(
        "What %(file)s holds is none of the known formats (%(known)s): %(found)s. Convert it, or choose its format."
    ),
    "import.bad-mapping": N_("The columns of %(file)s do not fit: %(problems)s. Choose others."),
    "import.others-record": N_(
        "The source id “%(source_id)s” is that of a record of others, which is theirs to revise. "
        "Give an opinion on it, or give your record another source id."
    ),
    "import.file-outside": N_("The path “%(path)s” leads out of what was sent. Name the file by its name alone."),
    "import.file-missing": N_("There is no file %(file)s among those that were sent. Send it along."),
}


def told_of_file(error: OrtaqError, name: str) -> dict[str, Any]:
    """Return *error* to be told, with the name that the person gave the file instead of where it lies."""
    kept = as_told(error)
    if "file" in kept["facts"]:
        kept["facts"]["file"] = name
    return kept


def told(kept: dict[str, Any]) -> str:
    """Return a kept error as a sentence; of a body that its kind does not accept, what is wrong with each field."""
    problems = [f"{one['where']}: {_(one['say']) % one['facts']}" for one in kept.get("found", ())]
    return "; ".join(problems) or str(_(_HERE.get(kept["code"], kept["say"])) % kept["facts"])
