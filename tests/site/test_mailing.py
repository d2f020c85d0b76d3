# SPDX-License-Identifier: Apache-2.0
"""What ORTAQ_EMAIL_URL means."""

import pytest

from ortaq.site.mailing import MailAddressUnknown, digest_hour, mail_settings


def smtp(url: str) -> tuple[object, ...]:
    found = mail_settings(url)
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    return tuple(found[f"EMAIL_{name}"] for name in names)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", "", False, True)),
        ("smtp://a%40b:p%2Fw@mail.example:2525", ("mail.example", 2525, "a@b", "p/w", False, True)),
        ("smtp://mail.example?tls=no", ("mail.example", 25, "", "", False, False)),
        ("smtp://localhost", ("localhost", 25, "", "", False, False)),
        ("smtps://a:b@mail.example", ("mail.example", 465, "a", "b", True, False)),
    ],
)
def test_server_is_spoken_to_in_secret_unless_it_is_near(url: str, expected: tuple[object, ...]) -> None:
    assert smtp(url) == expected


def test_mails_are_printed_or_kept_in_a_folder() -> None:
    assert mail_settings("console:") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    assert mail_settings("file:/var/mail%20out")["EMAIL_FILE_PATH"] == "/var/mail out"


@pytest.mark.parametrize("url", ["", "smtp:", "file:", "http://a:secret@b", "secret"])
def test_other_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(MailAddressUnknown) as refusal:
        mail_settings(url)
    assert "secret" not in str(refusal.value)


def test_hour_is_one_of_the_day_or_none() -> None:
    assert [digest_hour(text) for text in ("7", "0", "23", "24", "off", "")] == [7, 0, 23, 0, None, None]
