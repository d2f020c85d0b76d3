# SPDX-License-Identifier: Apache-2.0
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ortaq.site.cli import home_first


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["serve", "--home", "a", "--port", "1"], ["--home", "a", "serve", "--port", "1"]),
        (["--home", "a", "verify"], ["--home", "a", "verify"]),
        (["verify", "--home=a"], ["--home=a", "verify"]),
        (["search", "--", "--home"], ["search", "--", "--home"]),
        (["verify", "--home"], ["--home", "verify"]),
        ([], []),
    ],
)
def test_home_may_stand_anywhere(given: list[str], expected: list[str]) -> None:
    assert home_first(given) == expected


def test_home_after_the_command_names_the_folder(
    ortaq: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = ortaq("verify", "--home", tmp_path / "elsewhere")
    assert "home.absent" in done.stderr
    assert str(tmp_path / "elsewhere") in done.stderr
