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
