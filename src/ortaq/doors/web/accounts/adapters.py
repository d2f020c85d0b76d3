# SPDX-License-Identifier: Apache-2.0
"""What django-allauth asks us: nobody signs up, nothing is mailed, our pages say what happened, secrets are kept encrypted."""

import base64
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from ortaq.doors.web.accounts.confirming import note_confirmed
from ortaq.doors.web.language_switch import is_ours, remember_in_cookie
from ortaq.nodes.identity import identity
from ortaq.people.devices import address_of
from ortaq.people.models import Person

_WRONG = _("This code is not right, or it was used already. Wait for the next one.")


class AccountAdapter(DefaultAccountAdapter):
    """Signing in, after it is clear who it is: the second step, then the way on."""

    error_messages = DefaultAccountAdapter.error_messages | {"incorrect_code": _WRONG}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Never: `confirming.confirmed` stands before every page that changes how one signs in."""
        return False

    def is_safe_url(self, url: str) -> bool:
        return is_ours(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("sign-in"))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        note_confirmed(request)

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        if user.language in dict(settings.LANGUAGES):
            remember_in_cookie(response, user.language)
        return response

    def add_message(self, *_args: Any, **_more: Any) -> None:
        """Said on our own pages, in our own languages."""

    def send_notification_mail(self, *_args: Any, **_more: Any) -> None:
        """Nobody needs an e-mail address here; the person sees the audit trail of their account."""


class FactorAdapter(DefaultMFAAdapter):
    """Passkeys, one-time codes and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _WRONG}

    def get_totp_label(self, user: Any) -> str:
        return str(user.login)

    def get_totp_issuer(self) -> str:
        return identity().name

    def _get_site_name(self) -> str:
        return identity().name

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.name, "name": user.login}

    def build_totp_svg(self, url: str) -> str:
        """As allauth does it, on white: a camera needs that on a dark page too."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Who has the database alone, but not the node's secret, has no second factors."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str | bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"ortaq second factors").derive(
        key.encode() if isinstance(key, str) else key
    )
