# SPDX-License-Identifier: Apache-2.0
"""`ortaq read FILE…`: what a person sees of it. Without `--keep` it needs no node and no database."""

import sys
from collections.abc import Sequence
from pathlib import Path

from ortaq.core.errors import OrtaqError
from ortaq.press.errors import ReportNotKept
from ortaq.press.evidence import Evidence, Named
from ortaq.press.reading import Reading, read_fully, read_together
from ortaq.press.source import read_bytes

_SHOWN_OF_A_TEXT = 70


def read(files: list[Path], *, as_json: bool, keep: bool) -> int:
    """Print what the reports in *files* tell; 1 if one of them was refused, which stops no other."""
    readings: list[Reading] = []
    refused = 0
    for file in dict.fromkeys(files):
        try:
            data = read_bytes(file)
            reading = read_fully(data, str(file))
            readings.append(reading)
            if not as_json:
                _show(reading)
            if keep:
                _keep(reading, data)
        except OrtaqError as error:
            refused += 1
            print(f"ortaq: {error.code}: {error}", file=sys.stderr)
    if as_json:
        print(read_together(reading.evidence for reading in readings).model_dump_json(indent=2))
    return 1 if refused else 0


def _keep(reading: Reading, data: bytes) -> None:
    from ortaq.nodes.identity import identity  # late: app ready
    from ortaq.press.actions import keep_report  # late: app ready

    kept = keep_report(reading, data, by=identity().uri)
    for name, outcome in (("report", kept.report), ("text", kept.material)):
        if outcome is not None and outcome.error is not None:
            raise ReportNotKept(file=reading.evidence.file, part=name, reason=outcome.error)
        status = f"{outcome.status} {outcome.uri}" if outcome else "is here already"
        print(f"{reading.evidence.file}: {name} {status}", file=sys.stderr)


def _show(reading: Reading) -> None:
    evidence = reading.evidence
    print(evidence.file)
    for label, value in _lines(reading):
        print(f"  {label:<13}{value}")
    print()


def _lines(reading: Reading) -> list[tuple[str, str]]:
    evidence = reading.evidence
    body = evidence.body
    return [
        ("language", evidence.language or "not known"),
        ("published", f"{evidence.published_on or 'not known'} ({evidence.published_certainty})"),
        ("publisher", reading.origin.publisher or "not known"),
        ("title", evidence.title or "none"),
        ("body", f"characters {body.start} to {body.end}: {_ends(body.text)}"),
        ("look-alikes", _look_alikes(evidence)),
        ("places", _names(evidence.places)),
        ("institutions", _names(evidence.institutions)),
    ]


def _ends(text: str) -> str:
    plain = " ".join(text.split())
    half = _SHOWN_OF_A_TEXT // 2
    return plain if len(plain) <= _SHOWN_OF_A_TEXT else f"{plain[:half]} … {plain[-half:]}"


def _look_alikes(evidence: Evidence) -> str:
    found = [f"{one.repaired} at {one.offset}" for one in evidence.look_alikes]
    shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
    return f"{len(found)} words repaired: {shown}" if found else "none"


def _names(found: Sequence[Named]) -> str:
    return ", ".join(f"{one.name} ({one.country})" if one.country else one.name for one in found) or "none"
