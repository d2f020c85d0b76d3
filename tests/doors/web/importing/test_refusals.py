# SPDX-License-Identifier: Apache-2.0
"""Files that cannot be read, or are too much: told at once, in a sentence, and nothing of them stays."""

import gzip

import pytest
from django.conf import settings
from django.test import Client

from ortaq.doors.web.importing import folders
from ortaq.records.models import Job
from tests.doors.web.importing.steps import lines, place, send


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("boş.csv", b"  \n", "is empty"),
        ("şəkil.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "none of the known formats"),
        (
            "sirr.xml",
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html>&e;</html>',
            "none of the known formats",
        ),
        ("qırıq.jsonl.gz", b"\x1f\x8b\x08\x00broken", "damaged"),
    ],
)
def test_file_that_cannot_be_read_is_told_at_once(steward: Client, name: str, data: bytes, said: str) -> None:
    response = send(steward, (name, data))
    page = response.content.decode()
    assert (response.status_code, Job.objects.count()) == (422, 0)
    assert said in page and name in page and str(settings.HOME) not in page and "--" not in page.partition("<main")[2]
    assert list(folders.imports().glob("*")) == []


def test_little_that_unpacks_to_much_is_refused_at_once(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_BYTES", 3_000_000)
    response = send(steward, ("a.csv.gz", gzip.compress(b"a;b\n" * 2_000_000)))
    assert response.status_code == 422 and "3000000 bytes" in response.content.decode()
    assert list(folders.imports().glob("*")) == []


def test_table_that_turns_out_to_be_none_ends_the_import(steward: Client) -> None:
    """0x98 is no letter in Windows-1251; it stands behind what is looked at first."""
    data = "№;Название\n".encode("cp1251") + "1;Крепость и дворец\n".encode("cp1251") * 8000 + b"2;\x98\n"
    assert send(steward, ("a.csv", b"\x98" + data)).status_code in (302, 422)
    for job in Job.objects.all():
        page = steward.get(f"/import/{job.key}", follow=True)
        assert page.status_code == 200 and str(settings.HOME) not in page.content.decode()


def test_format_can_be_forced_and_no_path_of_the_server_is_told(steward: Client) -> None:
    response = send(steward, ("a.txt", b"a\xa5\xa5\xa5b;c\n" * 100), format="csv")
    page = response.content.decode()
    assert response.status_code == 422 and "a.txt" in page and str(settings.HOME) not in page


def test_form_without_files_says_so(steward: Client) -> None:
    response = steward.post("/import", {"audience": "everyone"})
    page = response.content.decode()
    assert response.status_code == 422 and "Choose at least one file" in page and "Choose who may see" in page


def test_too_much_is_refused_and_leaves_nothing(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_BYTES", 1000)
    assert send(steward, ("a.jsonl", b" " * 900_000)).status_code == 413
    assert send(steward, ("a.jsonl", b" " * 2_000_000)).status_code == 413
    assert list(folders.imports().glob("*")) == [] and Job.objects.count() == 0


def test_at_most_five_imports_are_open(steward: Client) -> None:
    for number in range(5):
        assert send(steward, (f"{number}.jsonl", lines(place(number)))).status_code == 302
    assert send(steward, ("6.jsonl", lines(place(6)))).status_code == 429
