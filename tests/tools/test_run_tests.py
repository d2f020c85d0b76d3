# SPDX-License-Identifier: Apache-2.0
"""The end of `make test` says what passed where, and cannot be green when something failed."""

import pytest
import run_tests


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("812 passed in 61.50s (0:01:01)", "812 passed in 61.50s (0:01:01)"),
        ("===== 1 failed, 3 passed, 2 warnings in 0.31s =====", "1 failed, 3 passed, 2 warnings in 0.31s"),
        ("==== no tests ran in 0.01s ====", "no tests ran in 0.01s"),
    ],
)
def test_closing_line_is_recognised(line: str, told: str) -> None:
    assert str(run_tests.Outcome("SQLite", 0, line)) == f"SQLite: {told}"


def test_line_of_a_test_is_no_closing_line() -> None:
    assert not run_tests.CLOSING_LINE.match("tests/test_docs.py ....   [100%]")


def test_run_without_closing_line_is_told_by_its_exit_code() -> None:
    assert str(run_tests.Outcome("SQLite", 3, "")) == "SQLite: pytest ended with exit code 3"


@pytest.mark.parametrize(
    ("codes", "arguments", "code", "last"),
    [
        ((0, 0), [], 0, "second"),
        ((1, 0), [], 1, "first"),
        ((0, 1), [], 1, "second"),
        ((0, 5), [], 5, "second"),
        ((0, 5), ["-k", "fold"], 0, "second"),
    ],
)
def test_end_of_both_runs(
    codes: tuple[int, int], arguments: list[str], code: int, last: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    ends = iter([run_tests.Outcome("SQLite", codes[0], "first"), run_tests.Outcome("PostgreSQL", codes[1], "second")])
    monkeypatch.setattr(run_tests, "run_pass", lambda *_: next(ends))
    assert run_tests.main(arguments) == code
    assert capsys.readouterr().out.splitlines()[-1] == last
