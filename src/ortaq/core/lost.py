# SPDX-License-Identifier: Apache-2.0
"""What a format could not hold, on the way in or out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lost:
    """A part of a record that did not pass: where in it, how often, one example, and why."""

    path: str
    count: int
    sample: str
    why: str

    def as_dict(self) -> dict[str, str | int]:
        return {"path": self.path, "count": self.count, "sample": self.sample, "why": self.why}
