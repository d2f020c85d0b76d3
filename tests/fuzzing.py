# SPDX-License-Identifier: Apache-2.0
"""schemathesis against a served node: every operation of its own OpenAPI document, with data that fit it and data that do not."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.serving import ServedNode

# Our schemas cannot say everything that is refused (which spans are dates, which records are there), so valid data may also be refused
# as 4xx; and data that the schema excludes may still be in order where reading is kinder than writing (a name that is one text).
_CONFIG: Final = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "304", "401", "403", "404", "409", "410", "412", "413", "422"]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "410", "411", "412", "413", "415", "422", "428"]
missing_required_header.expected-statuses = ["401", "403", "404", "406", "410", "412", "415", "422", "428"]
"""
_HOOKS: Final = """
import schemathesis
from hypothesis import strategies as st

year = st.integers(-3000, 2100).map(lambda n: f"{n:05d}" if n < 0 else f"{n:04d}")
span = st.one_of(year, year.map(lambda y: y + "~"), st.integers(10, 20).map(lambda c: f"{c}XX"), st.tuples(year, year).map("/".join))
schemathesis.openapi.format("edtf", span)
"""
_TOKEN: Final = """
import datetime, sys
from ortaq.site import node
node.open_node(create=True)
from django.utils import timezone
from ortaq.people.tokens import make_token
from tests.factories import join
person = join(sys.argv[1], role=sys.argv[1])
end = timezone.now() + datetime.timedelta(days=1)
print(make_token(person.memberships.get(), "test", sys.argv[2:], end)[1])
"""


def token_for(environment: dict[str, str], role: str, *scopes: str) -> str:
    """Make somebody with *role* at the node of *environment*; return the secret of a token of theirs."""
    root = str(Path(__file__).resolve().parent.parent)
    found = {**environment, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", _TOKEN, role, *(scopes or ("read", "write"))]
    return subprocess.run(command, env=found, capture_output=True, text=True, check=True, timeout=120).stdout.strip()


def fuzz(node: ServedNode, folder: Path, *more: str, token: str = "") -> subprocess.CompletedProcess[str]:
    """Run schemathesis with every check it has; its output tells what it found."""
    (folder / "schemathesis.toml").write_text(_CONFIG, encoding="utf-8")
    (folder / "hooks.py").write_text(_HOOKS, encoding="utf-8")
    command = [Path(sys.executable).with_name("st"), "--config-file", "schemathesis.toml", "--no-color", "run"]
    command += [f"http://127.0.0.1:{node.port}/api/openapi.json", "--checks", "all", "--warnings", "off", *more]
    command += ["-H", f"Authorization: Bearer {token}"] if token else []
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
