# SPDX-License-Identifier: Apache-2.0
"""The schemas of others beside this checkout, read without a look at the network."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[3] / "shared" / "suites" / "schemas"
OWN = Path(__file__).parent / "xsd"
needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"{SCHEMAS} is not beside this checkout")


def oai_schema() -> etree.XMLSchema:
    """OAI-PMH with oai_dc, LIDO, and the container for the origin, of which the suites have no schema."""
    return _read(OWN / "all.xsd", (SCHEMAS / "oai", SCHEMAS / "lido", OWN))


def lido_schema(version: str = "1.1") -> etree.XMLSchema:
    return _read(SCHEMAS / "lido" / f"lido-v{version}.xsd", (SCHEMAS / "lido",))


def _read(file: Path, folders: tuple[Path, ...]) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    parser.resolvers.add(_Beside(folders))
    return etree.XMLSchema(etree.parse(file, parser))


class _Beside(etree.Resolver):
    """Finds what a schema imports by its file name in the folders at hand."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders

    def resolve(self, address: str, public_id: str | None, context: object) -> object:
        if Path(address).exists():
            return None
        name = address.rpartition("/")[2]
        found = next((folder / name for folder in self._folders if (folder / name).exists()), None)
        return self.resolve_filename(str(found), context) if found else self.resolve_empty(context)


def linked_art_validator(name: str) -> Draft202012Validator:
    """Linked Art 1.0; name: of the schema, such as object."""
    read = {path.stem: json.loads(path.read_bytes()) for path in (SCHEMAS / "linked_art").glob("*.json")}
    base = "https://linked.art/api/1.0/schema/"
    known = Registry().with_resources((f"{base}{stem}.json", Resource.from_contents(one)) for stem, one in read.items())
    return Draft202012Validator(read[name], registry=known)
