# SPDX-License-Identifier: Apache-2.0
"""How many SQL statements the pages named on the command line take, one JSON list on standard output.

Runs in a process of its own, with the settings of the node in ORTAQ_HOME: `python -m bench.page_queries /r/… /r/…`.
"""

import json
import sys

from ortaq.site.node import open_node


def main(addresses: list[str]) -> None:
    open_node(create=False)
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counts = []
    for address in addresses:
        client = Client(SERVER_NAME="127.0.0.1")
        client.get(address)  # what is looked up once a process is not the page's
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, f"{address} answered {response.status_code}"
        counts.append(len(queries))
    print(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
