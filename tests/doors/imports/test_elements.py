# SPDX-License-Identifier: Apache-2.0
"""XML is read record by record, in flat memory, and reaches nothing outside its file."""

import tracemalloc
from pathlib import Path

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import elements
from ortaq.doors.imports.errors import NotWellFormed, RecordTooLong, XmlForbidden
from ortaq.doors.imports.source import source_of


def texts(tmp_path: Path, data: bytes) -> list[str | None]:
    file = tmp_path / "records.xml"
    file.write_bytes(data)
    return [found.element.text for found in elements.records(source_of(file), "{*}row")]


def test_records_are_given_in_order(tmp_path: Path) -> None:
    assert texts(tmp_path, b"<q><row>a</row><!-- x --><row>b</row></q>") == ["a", "b"]
    assert texts(tmp_path, b"<row xmlns='urn:x'>alone</row>") == ["alone"]


def test_file_that_is_not_well_formed_gives_what_stands_before_the_fault(tmp_path: Path) -> None:
    file = tmp_path / "records.xml"
    file.write_bytes(b"<q><row>a</row>\n<row>b</row>\n<row>c</q>")
    found = []
    with pytest.raises(NotWellFormed, match="line 3"):
        found.extend(one.element.text for one in elements.records(source_of(file), "{*}row"))
    assert found == ["a", "b"]


@pytest.mark.parametrize(
    "data", [b"<q><row>a</row>", b"<q>", b"<q><row>&undefined;</row></q>", b"<q><row>\x00</row></q>"]
)
def test_cut_or_wrong_file_is_not_well_formed(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NotWellFormed):
        texts(tmp_path, data)


SECRET = "the secret of another file"
DANGEROUS = [
    b'<!DOCTYPE q [<!ENTITY x SYSTEM "%(secret)s">]><q><row>&x;</row></q>',
    b'<!DOCTYPE q SYSTEM "%(secret)s"><q><row>a</row></q>',
    b'<!DOCTYPE q [<!ENTITY % p SYSTEM "%(secret)s"> %p;]><q><row>a</row></q>',
    b'<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><q><row x="&b;">&b;</row></q>',
    b"<?xml version='1.0'?><!-- "
    + b"x" * 70_000
    + b' --><!DOCTYPE q [<!ENTITY x SYSTEM "%(secret)s">]><q><row>&x;</row></q>',
]


@pytest.mark.parametrize("data", DANGEROUS, ids=range(len(DANGEROUS)))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_is_refused_and_nothing_is_fetched(tmp_path: Path, data: bytes, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    text = data.replace(b"%(secret)s", secret.as_uri().encode()).decode()

    with pytest.raises(XmlForbidden) as found:
        texts(tmp_path, text.encode(encoding))
    assert SECRET not in str(found.value)


def test_entities_before_the_root_are_never_expanded(tmp_path: Path) -> None:
    bomb = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    data = (
        b"<!-- " + b"x" * 70_000 + b' --><!DOCTYPE q [<!ENTITY l0 "lol">' + bomb + b']><q><row a="&l9;">&l9;</row></q>'
    )

    with pytest.raises(OrtaqError) as found:
        texts(tmp_path, data)
    assert found.value.code in ("import.xml-forbidden", "import.not-well-formed")


def test_memory_stays_flat(tmp_path: Path) -> None:
    file = tmp_path / "records.xml"
    file.write_bytes(b"<q>" + b"<row>" + b"x" * 1000 + b"</row>" * 1 + b"<row>y</row>" * 200_000 + b"</q>")
    tracemalloc.start()
    count = sum(1 for _ in elements.records(source_of(file), "{*}row"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 200_001
    assert peak < 4_000_000


def test_record_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "LIMIT", 200_000)

    with pytest.raises(RecordTooLong):
        texts(tmp_path, b"<q><row>" + b"x" * 1_000_000 + b"</row></q>")
