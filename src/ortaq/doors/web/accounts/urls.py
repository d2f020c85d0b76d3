# SPDX-License-Identifier: Apache-2.0
"""Addresses of signing in and of one's own account. django-allauth has no address but the two names that it looks up itself."""

from django.urls import URLPattern, path

from ortaq.doors.web import signing_in
from ortaq.doors.web.accounts import (
    confirm_page,
    linked,
    profile,
    second_step,
    security,
    sessions_page,
    tokens_page,
    welcome,
)

urlpatterns: list[URLPattern] = [
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in", signing_in.sign_in, name="account_login"),
    path("sign-in/second", second_step.second_step, name="mfa_authenticate"),
    path("sign-in/passkey", second_step.passkey, name="passkey"),
    path("sign-in/with/<slug:provider>", linked.begin_sign_in, name="openid"),
    path("sign-in/with/<slug:provider>/return", linked.come_back, name="openid-return"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("welcome/<str:secret>", welcome.welcome, name="welcome"),
    path("welcome/<str:secret>/with/<slug:provider>", linked.begin_welcome, name="openid-welcome"),
    path("come-in-again/<str:secret>", welcome.come_in_again, name="come-in-again"),
    path("account", profile.profile, name="account"),
    path("account/confirm", confirm_page.confirm, name="confirm"),
    path("account/confirm/with/<slug:provider>", linked.begin_confirm, name="openid-confirm"),
    path("account/security", security.security, name="security"),
    path("account/security/password", security.password, name="password"),
    path("account/security/passkeys/new", security.add_passkey, name="passkey-add"),
    path("account/security/passkeys/<int:number>/name", security.rename_passkey, name="passkey-name"),
    path("account/security/passkeys/<int:number>/remove", security.remove_passkey, name="passkey-remove"),
    path("account/security/app/new", security.add_app, name="app-add"),
    path("account/security/app/new.svg", security.app_picture, name="app-picture"),
    path("account/security/app/remove", security.remove_app, name="app-remove"),
    path("account/security/codes", security.recovery_codes, name="recovery-codes"),
    path("account/security/codes/new", security.new_recovery_codes, name="recovery-codes-new"),
    path("account/security/links/<slug:provider>", linked.link, name="openid-link"),
    path("account/security/links/<slug:provider>/remove", linked.unlink, name="openid-unlink"),
    path("account/sessions", sessions_page.sessions, name="sessions"),
    path("account/sessions/end", sessions_page.end_one, name="session-end"),
    path("account/sessions/end-others", sessions_page.end_others, name="sessions-end-others"),
    path("account/tokens", tokens_page.tokens, name="tokens"),
    path("account/tokens/new", tokens_page.new_token, name="token-new"),
    path("account/tokens/<int:number>/revoke", tokens_page.revoke, name="token-revoke"),
    path("account/institutions", profile.my_institutions, name="my-institutions"),
    path("account/institutions/act", profile.act, name="act"),
    path("account/institutions/<int:number>/leave", profile.leave, name="leave"),
]
