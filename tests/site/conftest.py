# SPDX-License-Identifier: Apache-2.0
"""A served node for the tests of the command."""

from tests.serving import serve

__all__ = ["serve"]
