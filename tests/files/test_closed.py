# SPDX-License-Identifier: Apache-2.0
"""What people send is never unpacked: a bomb cannot go off where nobody opens it."""

import ast
import re
from pathlib import Path

import ortaq.files.actions

SOURCE = Path(ortaq.files.actions.__file__).parents[1]
UNPACKERS = re.compile(r"zipfile|tarfile|gzip|bz2|lzma|zlib|zstandard|py7zr|rarfile|libarchive|brotli")
OWN = {
    "site/backup.py": "the node's own backups",
    "doors/imports/source.py": "a packed import is read as a stream in bounded pieces, by the command line",
    "people/tokens.py": "a checksum",
    "doors/feed/serving.py": "packs the feed, unpacks nothing",
    "nodes/outward/unwrapping.py": "an answer over the network, inflated piece by piece within its limit",
}


def test_nothing_that_unpacks_is_imported() -> None:
    found = {}
    for path in SOURCE.rglob("*.py"):
        names = [name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in _imported(node)]
        if bad := [name for name in names if UNPACKERS.match(name)]:
            found[str(path.relative_to(SOURCE))] = bad
    assert found.keys() <= OWN.keys(), found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
