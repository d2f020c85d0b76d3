# SPDX-License-Identifier: Apache-2.0
"""One byte of a stored file flipped at a running node: it says so, and has the file back from a second node that had fetched it."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.exchange.members import Federation, Member, seconds_until

TEXT = "Şirvanşahlar sarayı, ön fasad, 1:50\n" * 20_000  # 800 kB


def kept_at(member: Member, digest: str) -> Path | None:
    """Where the file lies, once the node has it and says so."""
    if not member.rows(f"SELECT 1 FROM files_storedfile WHERE digest = '{digest}'"):
        return None
    found = [path for path in (member.home / "files").glob("??/*") if path.read_bytes() == TEXT.encode()]
    return found[0] if found else None


def import_file(at: Member, folder: Path) -> tuple[str, str]:
    """Write a material with the file; return its URI and the digest."""
    (folder / "plan.txt").write_text(TEXT, "utf-8")
    line = {"kind": "material", "source_id": "plan:1", "title": {"az": "Plan"}, "files": [{"path": "plan.txt"}]}
    (folder / "in.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    done = at.ortaq("import", folder / "in.jsonl")
    assert done.returncode == 0, done.stderr
    ((digest,),) = at.rows("SELECT digest FROM records_attachment WHERE name = 'plan.txt'")
    ((uri,),) = at.rows("SELECT uri FROM records_record WHERE source_id = 'plan:1'")
    return uri, digest


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def download(at: Member, digest: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{at.port}/files/{digest}/plan.txt", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("which", ["owner", "partner"])
def test_flipped_byte_is_named_and_healed_from_the_other_node(three: Federation, tmp_path: Path, which: str) -> None:
    baku, astana, _bishkek = three.members
    done = astana.ortaq("partner", "set", baku.id, "--files", "all")
    assert done.returncode == 0, done.stderr
    uri, digest = import_file(baku, tmp_path)
    seconds_until(lambda: kept_at(astana, digest) is not None, since=time.monotonic(), most=60)
    damaged, other = (baku, astana) if which == "owner" else (astana, baku)
    path = kept_at(damaged, digest)
    assert path is not None

    flip(path)
    before = damaged.ortaq("verify")
    print(before.stdout.strip())
    assert before.returncode == 1
    assert f"files.altered: {digest}" in before.stdout
    assert uri in before.stdout

    checked = damaged.ortaq("files", "check")
    assert (checked.returncode, checked.stdout) == (1, f"damaged {digest}: files.altered; named by {uri}\n")
    status, page = download(damaged, digest)
    assert (status, "file.damaged" in page) == (503, True)

    healed = damaged.ortaq("files", "heal", "--known")
    print(healed.stdout.strip())
    assert healed.returncode == 0, healed.stdout + healed.stderr
    assert healed.stdout == f"healed {digest}: files.altered; named by {uri} ({other.id})\n"
    assert download(damaged, digest) == (200, TEXT)

    after = damaged.ortaq("verify")
    print(after.stderr.strip().splitlines()[-1])
    assert (after.returncode, after.stdout) == (0, "")
