# SPDX-License-Identifier: Apache-2.0
"""A verifier that knows nothing of our code agrees with ours, and finds what somebody did to a log."""

import ast
import gzip
import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import change as changes
from ortaq.core.canonical import canonical
from ortaq.core.digest import digest_of
from ortaq.core.errors import NotCanonical
from ortaq.core.identifiers import local_id, local_id_of_source, node_id, record_uri
from ortaq.core.proof import SigningKey
from tests import independent_verifier

HERE = Path(__file__).parent
VERIFIER, SAMPLE = HERE / "independent_verifier.py", HERE.parent / "sample"
Line = dict[str, Any]


def verified(*files: Path, text: bytes | None = None) -> tuple[int, list[str]]:
    """The exit code of the verifier and what it printed; it runs outside this package."""
    command = [sys.executable, "-I", VERIFIER, *files]
    done = subprocess.run(command, input=text, capture_output=True, timeout=120, cwd=VERIFIER.parent.parent)
    assert not done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode().splitlines()


def written(lines: Iterable[Line]) -> bytes:
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


class Node:
    """A node that writes a log by itself, with the keys that it is given."""

    def __init__(self, seed: bytes) -> None:
        self.key = SigningKey(seed * 32)
        self.id = node_id(self.key.public)
        self.lines: list[Line] = []
        self.versions: dict[str, int] = {}
        self.prior: str | None = None

    def write(self, body: Any, *, local: str = "", kind: str = "place", key: SigningKey | None = None) -> Line:
        key, record = key or self.key, record_uri(self.id, local or local_id(len(self.lines).to_bytes(10)))
        self.versions[record] = version = self.versions.get(record, 0) + 1
        header = changes.Header(
            node=self.id,
            seq=len(self.lines) + 1,
            prior=self.prior,
            record=record,
            kind=kind,
            version=version,
            at="2026-11-27T10:00:00Z",
            by=f"urn:ortaq:{self.id}",
            audience="public",
            digest=None if body is None else digest_of(canonical(body)),
        )
        self.prior = changes.digest_of_header(header)
        signature = key.sign_digest(header.sha256(), header.at)
        self.lines.append({"change": changes.wire(header, key.method, signature), "body": body})
        return self.lines[-1]

    def name_keys(self, *keys: dict[str, Any], key: SigningKey | None = None) -> None:
        self.write({"keys": list(keys)}, local=local_id_of_source("ortaq:node"), kind="node", key=key)


@pytest.fixture(scope="module")
def log() -> list[Line]:
    node = Node(b"a")
    for number in range(12):
        node.write({"title": {"az": ["Şəki"]}, "point": {"lat": 41.2 + number / 7, "lon": 1e-7 * number}})
    node.write({"title": {"az": ["Nuxa"]}}, local=local_id((0).to_bytes(10)))
    node.write(None, local=local_id((1).to_bytes(10)))
    return node.lines


def test_whole_log_of_a_node_is_clean_for_both_verifiers(ortaq: Callable[..., Any], tmp_path: Path) -> None:
    first = tmp_path / "places.jsonl"
    places = [
        {"kind": "place", "source_id": f"t:{n}", "title": {"az": f"Yer {n}"}, "point": {"lat": n / 3, "lon": -n * 1e-5}}
        for n in range(80)
    ]
    first.write_bytes(written(places))
    for files in ([*sorted(SAMPLE.glob("*.jsonl"))], [first]):
        assert ortaq("import", *files).returncode == 0
    first.write_bytes(written({**place, "title": {"az": "Ad", "ru": "Имя 😀"}} for place in places[:40]))
    assert ortaq("import", first).returncode == 0
    found = json.loads(ortaq("search", "Ad", "--limit", "300", "--json").stdout)["hits"]
    uris = {hit["source_id"]: hit["uri"] for hit in found}
    assert ortaq("record", "withdraw", uris["t:4"]).returncode == 0
    assert ortaq("record", "erase", uris["t:5"], "--version", "1").returncode == 0
    assert ortaq("verify").returncode == 0
    assert ortaq("backup", tmp_path / "backup").returncode == 0

    code, said = verified(tmp_path / "backup" / "changes.jsonl.gz")
    assert code == 0, said
    count, bodies = (int(part.split()[0]) for part in said[0].split(", ")[:2])
    assert count > 500 and bodies == count - 2 and said[0].endswith(" 0 findings, 1 nodes")


def test_clean_log_is_clean_plain_packed_and_by_standard_input(log: list[Line], tmp_path: Path) -> None:
    plain, packed = tmp_path / "log", tmp_path / "log.gz"
    plain.write_bytes(written(log))
    packed.write_bytes(gzip.compress(written(log)))
    expected = "14 changes, 13 bodies, 0 findings, 1 nodes"
    for code, said in (verified(plain), verified(packed), verified(text=written(log))):
        assert (code, said[0]) == (0, expected)


def test_logs_of_several_nodes_may_be_mixed(log: list[Line]) -> None:
    other = Node(b"b")
    for number in range(14):
        other.write({"n": number})
    mixed = [line for pair in zip(log, other.lines, strict=True) for line in pair]
    assert verified(text=written(mixed))[1][0] == "28 changes, 27 bodies, 0 findings, 2 nodes"


def test_withheld_body_leaves_the_chain_whole(log: list[Line]) -> None:
    assert verified(text=written([log[0] | {"body": None}, *log[1:]]))[0] == 0


def test_nothing_at_all_is_not_clean() -> None:
    assert verified(text=b"")[0] == 1


def header_with(line: Line, **members: Any) -> Line:
    return {**line, "change": {**line["change"], **members}}


def proof_with(line: Line, **members: Any) -> Line:
    return header_with(line, proof={**line["change"]["proof"], **members})


def forged(line: Line, key: SigningKey) -> Line:
    """The change as somebody else would sign it, in the name of its node."""
    header, _, _ = changes.from_wire(line["change"])
    return {**line, "change": changes.wire(header, key.method, key.sign_digest(header.sha256(), header.at))}


STRANGER = SigningKey(b"s" * 32)
TAMPERED: dict[str, tuple[Callable[[list[Line]], list[Line]], str]] = {
    "body": (lambda log: [*log[:4], log[4] | {"body": {"title": {"az": ["Bakı"]}}}, *log[5:]], "another digest"),
    "body of a withdrawal": (lambda log: [*log[:-1], log[-1] | {"body": {}}], "another digest"),
    "header": (lambda log: [*log[:4], header_with(log[4], audience="node"), *log[5:]], "not proven"),
    "member added": (lambda log: [*log[:4], header_with(log[4], more=1), *log[5:]], "not proven"),
    "time": (lambda log: [*log[:4], proof_with(log[4], created="2026-11-27T10:00:01Z"), *log[5:]], "not proven"),
    "purpose": (lambda log: [*log[:4], proof_with(log[4], proofPurpose="authentication"), *log[5:]], "not proven"),
    "signature of another change": (
        lambda log: [*log[:4], proof_with(log[4], proofValue=log[5]["change"]["proof"]["proofValue"]), *log[5:]],
        "not proven",
    ),
    "foreign signature": (lambda log: [*log[:4], forged(log[4], STRANGER), *log[5:]], "no key of this node"),
    "foreign first key": (lambda log: [forged(log[0], STRANGER), *log[1:]], "no key of this node"),
    "lines swapped": (lambda log: [*log[:4], log[5], log[4], *log[6:]], "stands after"),
    "line missing": (lambda log: [*log[:4], *log[5:]], "stands after"),
    "first line missing": (lambda log: log[1:], "stands after 0"),
    "line twice": (lambda log: [*log[:5], log[4], *log[5:]], "stands after"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_done_to_a_log_is_found(log: list[Line], name: str) -> None:
    tamper, finding = TAMPERED[name]
    code, said = verified(text=written(tamper(log)))
    assert code == 1
    assert any(finding in line for line in said), said


def test_record_of_another_node_and_version_that_is_skipped_are_found() -> None:
    one, other = Node(b"a"), Node(b"b")
    one.versions[record_uri(one.id, local_id((0).to_bytes(10)))] = 4
    one.write({"n": 1})
    one.id, mine = other.id, one.id
    line = Node(b"a")
    line.prior, line.lines = one.prior, list(one.lines)
    assert any("makes version 5 of version 0" in said for said in verified(text=written(one.lines))[1])
    one.id = mine
    header, _, _ = changes.from_wire(one.lines[0]["change"])
    stolen = changes.Header(**{**_members(header), "record": record_uri(other.id, local_id(bytes(10))), "version": 1})
    wire = changes.wire(stolen, one.key.method, one.key.sign_digest(stolen.sha256(), stolen.at))
    code, said = verified(text=written([{"change": wire, "body": {"n": 1}}]))
    assert code == 1 and "record of another node" in said[0]


def _members(header: changes.Header) -> dict[str, Any]:
    return {name: getattr(header, name) for name in header.__slots__}


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xff",
        b"[]",
        b"{",
        b'{"change": {}}',
        b'{"change": {"node": "a", "node": "b"}, "body": null}',
        b'{"body": null, "change": null}',
        b"[" * 100_000,
        b'{"change": {"node": "a", "proof": {"verificationMethod": "did:key:z0#z0", "proofValue": "z0"}, "seq": 1}}',
    ],
)
def test_line_that_is_no_change_is_a_finding(line: bytes) -> None:
    code, said = verified(text=line + b"\n")
    assert code == 1 and "line 1: cannot be read" in said[0]


def key_line(key: SigningKey, first: int, last: int | None = None, use: str = "sign") -> dict[str, Any]:
    return {"public": key.public, "use": use, "first_seq": first} | ({"last_seq": last} if last else {})


def test_key_that_the_one_before_names_may_sign_and_only_in_its_time() -> None:
    node, new = Node(b"a"), SigningKey(b"n" * 32)
    node.write({"n": 1})
    node.name_keys(key_line(node.key, 1, 2), key_line(new, 3))
    node.write({"n": 3}, key=new)
    assert verified(text=written(node.lines))[0] == 0
    node.write({"n": 4})  # by the old one
    code, said = verified(text=written(node.lines))
    assert code == 1 and said[0].startswith("-: line 4:") and "no key of this node" in said[0]


def test_key_names_no_other_by_itself() -> None:
    node = Node(b"a")
    node.write({"n": 1})
    node.name_keys(key_line(node.key, 1, 1), key_line(STRANGER, 2), key=STRANGER)
    node.write({"n": 3}, key=STRANGER)
    said = verified(text=written(node.lines))[1]
    assert sum("no key of this node" in line for line in said) == 2


def test_recovery_key_names_keys_and_does_nothing_else() -> None:
    node, spare, new = Node(b"a"), SigningKey(b"r" * 32), SigningKey(b"n" * 32)
    node.name_keys(key_line(node.key, 1), key_line(spare, 2, use="recover"))
    node.name_keys(key_line(node.key, 1, 1), key_line(spare, 2, use="recover"), key_line(new, 3), key=spare)
    node.write({"n": 3}, key=new)
    assert verified(text=written(node.lines))[0] == 0
    node.write({"n": 4}, key=spare)
    assert verified(text=written(node.lines))[0] == 1


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values | st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack(">d", struct.pack(">Q", bits))[0]))
def test_both_write_json_in_one_canonical_form(value: Any) -> None:
    try:
        ours = canonical(value)
    except NotCanonical:
        return
    assert independent_verifier.canonical(value).encode("utf-8") == ours


def test_verifier_shares_no_code_and_is_short() -> None:
    tree = ast.parse(VERIFIER.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) == {"cryptography"}
    assert len([line for line in VERIFIER.read_text("utf-8").splitlines() if line.strip()]) <= 150
