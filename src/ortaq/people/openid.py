# SPDX-License-Identifier: Apache-2.0
"""OpenID Connect, our half of it: a ministry's own sign-in says who somebody is.

Authorization code flow with PKCE, state and nonce. The token is believed only if it is signed by a key that the provider
publishes, was made by this issuer for us, for this very attempt, and is not over.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.conf import settings

from ortaq.people.errors import ProviderFailed, ProviderRefused, ProviderUnknown
from ortaq.people.fetching import fetch_json, is_fetchable

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]  # asymmetric alone: a secret shared with us signs nothing
LEEWAY_SECONDS = 60
KEPT_SECONDS = 600
ATTEMPT_SECONDS = 600
_REASONS: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.InvalidAudienceError: "audience",
    jwt.InvalidIssuerError: "issuer",
}
_kept: dict[str, tuple[float, Any]] = {}


@dataclass(frozen=True)
class Provider:
    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is; (issuer, subject) is for ever, the rest a proposal."""

    issuer: str
    subject: str
    name: str
    login: str
    email: str
    signed_in_at: int | None


def providers() -> list[Provider]:
    return [Provider(id=key, **facts) for key, facts in settings.OPENID_PROVIDERS.items()]


def provider_of(key: str) -> Provider:
    """raises ProviderUnknown"""
    if key not in settings.OPENID_PROVIDERS:
        raise ProviderUnknown
    return Provider(id=key, **settings.OPENID_PROVIDERS[key])


def begin(provider: Provider, redirect_uri: str, *, is_fresh: bool = False) -> tuple[str, dict[str, Any]]:
    """Return where to send the browser, and what to keep in its session until it comes back.

    is_fresh    the provider shall ask for the password again
    raises ProviderFailed
    """
    attempt = {
        "provider": provider.id,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "at": time.time(),
    }
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile email",
        "state": attempt["state"],
        "nonce": attempt["nonce"],
        "code_challenge": _base64url(hashlib.sha256(str(attempt["verifier"]).encode()).digest()),
        "code_challenge_method": "S256",
    }
    if is_fresh:
        asked |= {"prompt": "login", "max_age": "0"}
    address = _described(provider)["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", attempt


def finish(provider: Provider, redirect_uri: str, attempt: dict[str, Any], answer: dict[str, str]) -> Identity:
    """Return who signed in; answer: the parameters with which the browser came back.

    raises ProviderFailed, ProviderRefused
    """
    if time.time() - attempt["at"] > ATTEMPT_SECONDS:
        raise ProviderRefused(reason="too-late")
    if not secrets.compare_digest(answer.get("state", "").encode(), attempt["state"].encode()):
        raise ProviderRefused(reason="state")
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: not the provider that was asked
        raise ProviderRefused(reason="issuer-of-answer")
    if "code" not in answer:
        raise ProviderRefused(reason="no-code")
    token = _exchange(provider, redirect_uri, answer["code"], attempt["verifier"])
    return _identity(_believed(provider, token, attempt["nonce"]), provider)


def _exchange(provider: Provider, redirect_uri: str, code: str, verifier: str) -> str:
    described = _described(provider)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    headers = {}
    methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    answer = fetch_json(described["token_endpoint"], form=form, headers=headers)
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise ProviderFailed(reason="no-id-token")
    return token


def _believed(provider: Provider, token: str, nonce: str) -> dict[str, Any]:
    """What *token* claims, if it may be believed."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise ProviderRefused(reason="algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(provider, header.get("kid"), header["alg"]),
            algorithms=[header["alg"]],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise ProviderRefused(reason=_REASONS.get(type(error), "token")) from error
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ProviderRefused(reason="nonce")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise ProviderRefused(reason="authorized-party")
    return claims


def _key(provider: Provider, kid: str | None, algorithm: str) -> jwt.PyJWK:
    """The provider's key with this id; keys that were changed meanwhile are asked for once more."""
    address = _described(provider)["jwks_uri"]
    for is_new in (False, True):
        for one in _keys(address, is_new=is_new):
            suits = one.get("use", "sig") == "sig" and one.get("alg", algorithm) == algorithm
            if suits and one.get("kid") == kid and one.get("kty") != "oct":
                return jwt.PyJWK.from_dict(one, algorithm)
    raise ProviderRefused(reason="unknown-key")


def _keys(address: str, *, is_new: bool) -> list[dict[str, Any]]:
    found = _remembered(address, is_new=is_new)
    keys = found.get("keys") if isinstance(found, dict) else None
    return [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []


def _described(provider: Provider) -> dict[str, Any]:
    """The provider's description of itself, if it is that of this issuer."""
    found = _remembered(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(found, dict) or found.get("issuer") != provider.issuer:
        raise ProviderFailed(reason="issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str) or not is_fetchable(found[name]):
            raise ProviderFailed(reason=f"endpoint-{name.partition('_')[0]}")
    return found


def _remembered(url: str, *, is_new: bool = False) -> Any:
    at, value = _kept.get(url, (0.0, None))
    if is_new or time.monotonic() - at > KEPT_SECONDS or value is None:
        value = fetch_json(url)
        _kept[url] = (time.monotonic(), value)
    return value


def _identity(claims: dict[str, Any], provider: Provider) -> Identity:
    def text(name: str, most: int) -> str:
        return str(claims.get(name) or "")[:most]

    at = claims.get("auth_time")
    return Identity(
        issuer=provider.issuer,
        subject=str(claims["sub"])[:255],
        name=text("name", 200),
        login=text("preferred_username", 150) or text("email", 150).partition("@")[0],
        email=text("email", 254),
        signed_in_at=at if isinstance(at, int) else None,
    )


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
