# SPDX-License-Identifier: Apache-2.0
"""What is written to the log is masked: the secret of a link or a token that somebody used stands in no file."""

import logging
import re

_LINKS = re.compile(r"/(welcome|come-in-again)/[^/\s?\"']+")
_TOKENS = re.compile(r"ortaq_[0-9A-Za-z]{8,}")


class Masked(logging.Filter):
    """Put an ellipsis in the place of each secret of a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        masked = mask(said)
        if masked != said:
            record.msg, record.args = masked, ()
        return True


def mask(text: str) -> str:
    return _TOKENS.sub("ortaq_…", _LINKS.sub(r"/\1/…", text))
