# SPDX-License-Identifier: Apache-2.0
"""Signing in without a password, and in two steps, in a browser with a virtual authenticator."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.authenticator import totp
from tests.journeys.conftest import Site, visitor

PASSWORD = "üç alma düşdü"


@pytest.fixture
def local_site(site: Site) -> Site:
    """The node under a name: browsers make no passkey for a bare address."""
    return replace(site, url=site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def local_visit(local_site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    with visitor(local_site, browser) as open_page:
        yield open_page


def begin(site: Site, visit: Callable[..., Page]) -> Page:
    """The first administrator of a new node, at the name under which passkeys work."""
    page = visit(site.link)
    page.get_by_label("Your name, as others will read it").fill("Leyla Əliyeva")
    page.get_by_label("Login").fill("leyla")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/")
    return page


def with_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.locator("nav.person summary").click()
    page.get_by_role("button", name="Sign out").click()


def test_person_signs_in_with_a_passkey_and_in_two_steps(local_site: Site, local_visit: Callable[..., Page]) -> None:
    page = begin(local_site, local_visit)
    with_authenticator(page)
    page.goto("/account/security/passkeys/new")
    page.get_by_label("Name, by which you know it").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/account/security/codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes
    page.reload()
    expect(page.get_by_text("The codes were shown before")).to_be_visible()

    sign_out(page)
    page.goto("/sign-in?next=/account/sessions")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/account/sessions")
    expect(page.get_by_text("Chrome, Linux")).to_be_visible()

    page.goto("/account/security/app/new")
    page.get_by_text("Without a camera").click()
    secret = page.locator("code.secret").inner_text()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth > 0")
    page.get_by_label("Code").fill(totp(secret, time.time()))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("The authenticator app is set up.")).to_be_visible()

    sign_out(page)
    page.goto("/sign-in?next=/about")
    page.get_by_label("Login").fill("leyla")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/sign-in/second")
    assert page.goto("/account").url.endswith("/sign-in?next=%2Faccount")  # type: ignore[union-attr]
    page.goto("/sign-in/second")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    page.get_by_label("Code").fill(
        totp(secret, time.time() + 30)
    )  # the code of before was used; the next is taken early
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/about")

    sign_out(page)
    page.goto("/sign-in")
    page.get_by_label("Login").fill("leyla")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url("**/")
    expect(page.locator("nav.person")).to_contain_text("Leyla Əliyeva")
