# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of becoming or being a person of this node."""

from ortaq.core.errors import N_, OrtaqError


class InvitationUnknown(OrtaqError):
    code, status = "invitation.unknown", 404
    say = N_("This link is not known here. Copy it whole, or ask the administrator for a new one.")


class InvitationUsed(OrtaqError):
    code, status = "invitation.used", 410
    say = N_("This link was used already. Sign in with the login that was chosen then, or ask for a new link.")


class InvitationExpired(OrtaqError):
    code, status = "invitation.expired", 410
    say = N_("This link expired on %(expired_on)s. Ask the administrator for a new one.")


class LoginTaken(OrtaqError):
    code, status = "person.login-taken", 409
    say = N_("The login '%(login)s' is taken. Choose another one.")


class PasswordWeak(OrtaqError):
    code, status = "person.password-weak", 422
    say = N_("The password is too weak: %(reasons)s. Choose a longer, less usual one.")


class TooManyFailures(OrtaqError):
    code, status = "person.too-many-failures", 429
    say = N_("Too many wrong passwords for this login. Wait %(minutes)s minutes, then try again.")


class SignInRequired(OrtaqError):
    code, status = "person.sign-in-required", 403
    say = N_("Only people of this node may do that. Sign in first.")


class Denied(OrtaqError):
    """action: what was tried, as a code for programs."""

    code, status = "person.denied", 403
    say = N_("Your role does not allow this. Ask an administrator of the institution.")


class InstitutionAbsent(OrtaqError):
    code, status = "institution.absent", 404
    say = N_("There is no institution %(institution)s at this node. Check the address.")


class InstitutionNameMissing(OrtaqError):
    code, status = "institution.name-missing", 422
    say = N_("An institution needs a name in at least one language. Give one.")


class MembershipAbsent(OrtaqError):
    code, status = "membership.absent", 404
    say = N_("This person is not of the institution. Look at the list of its people.")


class AlreadyMember(OrtaqError):
    code, status = "membership.present", 409
    say = N_("%(name)s is of this institution already. Change the role on the page of its people.")


class LastAdministrator(OrtaqError):
    code, status = "membership.last-administrator", 409
    say = N_("%(name)s is the only administrator of this institution. Make somebody else administrator first.")


class SuccessorUnfit(OrtaqError):
    code, status = "membership.successor-unfit", 422
    say = N_("%(name)s cannot answer for these records: choose somebody who is of the institution and stays.")


class TokenUnknown(OrtaqError):
    code, status = "token.unknown", 401
    say = N_("This token is not known here, or it was revoked. Make a new one under Account, Tokens.")


class TokenExpired(OrtaqError):
    code, status = "token.expired", 401
    say = N_("This token expired on %(expired_on)s. Make a new one under Account, Tokens.")


class TokenAbsent(OrtaqError):
    code, status = "token.absent", 404
    say = N_("You have no such token. Look at the list of your tokens.")


class TokenScopeUnknown(OrtaqError):
    code, status = "token.scope-unknown", 422
    say = N_("A token is for one or more of %(known)s; '%(scope)s' is none of them.")


class TokenTooLong(OrtaqError):
    code, status = "token.too-long", 422
    say = N_("A token needs a last day, in the future and at most %(days)s days away.")


class ProviderUnknown(OrtaqError):
    code, status = "provider.unknown", 404
    say = N_("This node knows no such sign-in. Choose one of those on the sign-in page.")


class ProviderFailed(OrtaqError):
    code, status = "provider.failed", 502
    say = N_("The sign-in of your institution does not work now (%(reason)s). Try again later, or use your password.")


class ProviderRefused(OrtaqError):
    code, status = "provider.refused", 403
    say = N_("The answer of your institution's sign-in was not accepted (%(reason)s). Begin again at the sign-in page.")


class IdentityUnknown(OrtaqError):
    code, status = "identity.unknown", 403
    say = N_(
        "Nobody here is linked with the account that you used at %(provider)s. "
        "Open your invitation link first; who has an account here links it under Account, Security."
    )


class IdentityTaken(OrtaqError):
    code, status = "identity.taken", 409
    say = N_(
        "The account that you used at %(provider)s is linked with somebody else here. Sign out there, then try again."
    )


class LastWayIn(OrtaqError):
    code, status = "person.last-way-in", 409
    say = N_("This is the only way in which you can sign in. Set a password or add a passkey first.")


class PersonAbsent(OrtaqError):
    code, status = "person.absent", 404
    say = N_("Nobody here has the login '%(login)s'. See 'ortaq user list'.")
