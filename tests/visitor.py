# SPDX-License-Identifier: Apache-2.0
"""A person at a served node without a browser: keeps cookies, fills in forms."""

import http.client
import http.cookies
from urllib.parse import urlencode

PASSWORD = "köhnə qala divarı"


class Visitor:
    """One person; `port` may change when the node is started anew, the session stays."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: http.cookies.SimpleCookie = http.cookies.SimpleCookie()

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and body; raises OSError or HTTPException where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**form, "csrfmiddlewaretoken": self.cookies["csrftoken"].value})
        try:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.casefold() == "set-cookie":
                    self.cookies.load(value)
            return response.status, response.read().decode("utf-8")
        finally:
            connection.close()

    def join(self, link: str) -> None:
        """Accept the invitation of a one-time link."""
        self.ask("GET", link)
        form = {"name": "Aysel", "login": "aysel", "password": PASSWORD, "again": PASSWORD}
        status, page = self.ask("POST", link, form)
        assert status == 302, page

    def give_opinion(self, about: str, text: str) -> None:
        """Say *text* about the record *about*; it is published once this returns."""
        form = {
            "about": about,
            "motivation": "comment",
            "lang": "az",
            "offered": "",
            "audience": "public",
            "text": text,
        }
        status, page = self.ask("POST", "/opinions/give", form)
        assert status == 302, page
