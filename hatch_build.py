# SPDX-License-Identifier: Apache-2.0
"""Build hook: a wheel contains the JavaScript, the fonts and the compiled translations that git does not, and the sample."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SetUpFirst(BuildHookInterface[Any]):
    """Runs the steps of `make setup` before a wheel is packed; an editable install has them from make itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        build_data["force_include"][f"{self.root}/sample"] = "ortaq/sample"  # for `ortaq demo`
        inherited = {"PIP_BUILD_TRACKER", "PYTHONPATH"}  # pip's own, for the build that we are in
        environment = {name: value for name, value in os.environ.items() if name not in inherited}
        subprocess.run([sys.executable, Path(self.root) / "tools/setup.py", "run"], env=environment, check=True)
