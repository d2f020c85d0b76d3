# SPDX-License-Identifier: Apache-2.0
"""The forms of the account pages: allauth's where they check something, with our words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core.errors import OrtaqError
from ortaq.people import throttle

REQUIRED = {"required": _("Fill in this field."), "max_length": _("This is too long.")}
WEAK = {
    "password_too_short": _("Use at least ten characters."),
    "password_too_common": _("This password is among those that are guessed first."),
    "password_too_similar": _("This password is too much like your name or login."),
}
LOGIN_WIDGET = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
_CODE_SECONDS = 120  # longer than a code of the app is taken
_CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "inputmode": "numeric"}


def sentence(error: OrtaqError) -> str:
    """Return what *error* says, in the language of the page."""
    return str(_(error.say) % error.facts)


def new_password(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, error_messages=REQUIRED)


def present_password(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, error_messages=REQUIRED)


def weaknesses(error: ValidationError) -> list[Any]:
    return [WEAK.get(one.code or "", _("Choose a less usual password.")) for one in error.error_list]


class _Code(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=_CODE), error_messages=REQUIRED)


class _Guess(_Code):
    """A code that somebody types: few tries, and each code once."""

    user: Any  # set by the allauth form that stands beside

    def __init__(self, *args: Any, user: Any, **more: Any) -> None:
        more["user"] = user
        super().__init__(*args, **more)

    def clean_code(self) -> str:
        person = str(self.user.pk)
        try:
            throttle.take(throttle.CODE, person)
        except OrtaqError as error:
            raise ValidationError(sentence(error)) from error
        code: str = super().clean_code()  # type: ignore[misc]
        if not throttle.first_time("code-used", person, code, seconds=_CODE_SECONDS):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        throttle.forget(throttle.CODE, person)
        return code


class SecondStepForm(_Guess, AuthenticateForm):
    """After the password, before one is signed in."""


class ConfirmCodeForm(_Guess, ReauthenticateForm):
    """Who is signed in shows it once more."""


class AppForm(_Guess, ActivateTOTPForm):
    """The first code of a new authenticator app."""


class ConfirmPasswordForm(forms.Form):
    password = present_password(_("Password"))


class PasswordForm(forms.Form):
    password = new_password(_("New password"))
    again = new_password(_("New password once more"))

    def __init__(self, *args: Any, person: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person

    def clean(self) -> dict[str, str]:
        given: dict[str, str] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        if given.get("password"):
            try:
                validate_password(given["password"], self.person)
            except ValidationError as error:
                self.add_error("password", weaknesses(error))
        return given


class PasskeyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name, by which you know it"), max_length=60, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
