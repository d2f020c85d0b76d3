# SPDX-License-Identifier: Apache-2.0
"""A small OpenID Connect provider on this machine: describes itself, signs who comes, exchanges codes for tokens, checks PKCE."""

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "ortaq node", "s3:cret/ü"


@dataclass
class Ministry:
    """The provider. claims: what it says besides; wrong: claims put in the place of the right ones."""

    issuer: str = ""
    kid: str = "one"
    subject: str = "leyla@ministry"
    claims: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    signs_with: Any = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def rotate(self, kid: str) -> None:
        """Sign with a new key from now on, and publish it alone."""
        self.kid, self.key = kid, rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def agree(self, address: str) -> str:
        """What the browser brings back from *address*, where our node sent it: the person has signed in and agreed."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        name, _colon, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(form["code"], None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        known = (name, secret) == ("ortaq%20node", "s3%3Acret%2F%C3%BC")
        if (
            asked is None
            or not known
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "nonce": asked["nonce"], "iat": now, "exp": now + 300,
            "auth_time": now, "name": "Leyla Əliyeva", "preferred_username": "leyla.a", **self.claims, **self.wrong,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(
            claims, self.key if self.signs_with is None else self.signs_with, self.algorithm, {"kid": self.kid}
        )
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


class _Answer(BaseHTTPRequestHandler):
    ministry: Ministry

    def do_GET(self) -> None:
        self.ministry.asked.append(self.path)
        pages = {"/.well-known/openid-configuration": self.ministry.described, "/keys": self.ministry.keys}
        self._send(pages[self.path]() if self.path in pages else None)

    def do_POST(self) -> None:
        self.ministry.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._send(self.ministry.token(form, self.headers.get("Authorization", "")))

    def _send(self, found: Any) -> None:
        self.send_response(200 if found is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_: Any) -> None:
        """Silent."""


class Open:
    """The provider on a port of its own, while the block lasts."""

    def __enter__(self) -> Ministry:
        ministry = Ministry()
        handler = type("Answer", (_Answer,), {"ministry": ministry})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        ministry.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return ministry

    def __exit__(self, *_: Any) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
