# SPDX-License-Identifier: Apache-2.0
"""The steps of an import on pages, as a browser takes them."""

import json
from typing import Any

import orjson
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.records import jobs

CSV = (
    "No;Adı;Növü;Enlik;Uzunluq;Qeyd\n1;Qız qalası;Qala;40,36;49,83;Qədim\n2;Şirvanşahlar sarayı;Saray;40,366;49,833;\n"
)


def worked() -> None:
    while jobs.run_once():
        pass


def place(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "place", "source_id": f"geo:{number}", "title": {"az": [f"Yer {number}"]}, **more}


def lines(*records: Any) -> bytes:
    return b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in records)


def send(client: Client, *files: tuple[str, bytes], attached: Any = (), audience: str = "public", **more: str) -> Any:
    records = [SimpleUploadedFile(name, data) for name, data in files]
    others = [SimpleUploadedFile(name, data) for name, data in attached]
    return client.post("/import", {"records": records, "files": others, "audience": audience, **more})


def begin(client: Client, *files: tuple[str, bytes], **more: Any) -> str:
    """Send files without tables, have them looked at, and return the address of the preview."""
    response = send(client, *files, **more)
    assert response.status_code == 302, response.content.decode()
    worked()
    return str(response["Location"])


def imported(client: Client, *files: tuple[str, bytes], **more: Any) -> dict[str, Any]:
    """Import, and return the report."""
    address = begin(client, *files, **more)
    client.post(address, {"do": "write"})
    worked()
    return report(client, address)


def report(client: Client, address: str) -> dict[str, Any]:
    found = json.loads(b"".join(client.get(f"{address}/report.json").streaming_content))  # type: ignore[attr-defined]
    assert isinstance(found, dict)
    return found


def own(house: Any, node: Any, source_id: str) -> str:
    """Where the institution's record of that source id is."""
    return record_uri(node.id, local_id_of_source(source_id, house.id))
