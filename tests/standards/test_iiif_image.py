# SPDX-License-Identifier: Apache-2.0
"""The validator of the IIIF consortium, version 1.0.5, against the image service: Image API 3.0, level 2."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections

from ortaq.files.store import keep

IMAGE = Path(__file__).parents[3] / "shared" / "suites" / "iiif_image" / "67352ccc-d1b0-11e1-89ae-279075081939.png"
VERSION, LEVEL = "3.0", 2
# It wants `!2000,3000` of a smaller image to be refused, where the specification has the largest that fits (4.2), and then fails to say so.
WRONG = {"size_noup"}
# It leaves connections open, and its code was written for older Pythons.
pytestmark = [
    pytest.mark.skipif(not IMAGE.is_file(), reason=f"{IMAGE} is not beside this checkout"),
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.django_db(transaction=True),
]


def validator() -> Any:
    """Its module. libmagic, which a bare machine lacks, is asked only by its tests of PDF and JPEG 2000, which belong to no level."""
    sys.modules.setdefault("magic", ModuleType("magic"))
    from iiif_validator import validator as found

    return found


def names() -> list[str]:
    suite = validator().TestSuite(validator().ValidationInfo())
    return sorted(name for name, told in suite.list_tests(VERSION).items() if told["level"] <= LEVEL)


@pytest.fixture
def image(node: Any, live_server: Any) -> Callable[[], Any]:
    """The validator's view of its image, served by this node."""
    from ortaq.records.door import Draft, write_change

    kept = keep(io.BytesIO(IMAGE.read_bytes()), IMAGE.name)
    file = {"digest": kept.digest, "name": IMAGE.name, "media_type": kept.media_type, "bytes": kept.bytes}
    write_change(Draft("material", {"title": {"en": "Test image"}, "files": [file]}), by=node.uri)
    connections.close_all()
    server = urlsplit(live_server.url).netloc
    return lambda: validator().ImageAPI(kept.digest, server, "iiif/image", "http", "", VERSION, debug=False)


def test_level_has_as_many_tests_as_it_says() -> None:
    assert len(names()) == 33


def test_validator_is_content(image: Callable[[], Any], record_property: Callable[[str, object], None]) -> None:
    failed = {}
    for name in names():
        result = image()
        try:
            validator().TestSuite(validator().ValidationInfo()).run_test(name, result)
        except Exception as error:  # noqa: BLE001  whatever it fell over
            result.exception = error
        if result.exception:
            failed[name] = f"{result.urls[-1:]} {result.last_status}: {result.exception}"
    record_property("iiif", f"{len(names()) - len(failed)} of {len(names())}; failed: {failed}")
    print(f"iiif-validator {VERSION} level {LEVEL}: {len(names()) - len(failed)} of {len(names())}; not: {failed}")
    assert failed.keys() <= WRONG, failed


# Its test `size_up` takes ^max for the size of the image, whatever limits the image states; that of WebP runs on Python 2 alone.
BEYOND = "linkheader_canonical linkheader_profile rot_mirror rot_mirror_180 rot_full_non90 rot_region_non90".split()


@pytest.mark.parametrize("name", BEYOND)
def test_validator_is_content_with_what_goes_beyond(image: Callable[[], Any], name: str) -> None:
    result = image()
    validator().TestSuite(validator().ValidationInfo()).run_test(name, result)
    assert result.exception is None
