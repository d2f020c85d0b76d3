# SPDX-License-Identifier: Apache-2.0
"""Whether a port is free to listen on."""

import socket

from ortaq.site.errors import PortTaken


def check_port(host: str, port: int) -> None:
    """Raise PortTaken if another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port) from error
