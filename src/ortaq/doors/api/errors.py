# SPDX-License-Identifier: Apache-2.0
"""What the API refuses by itself, before any record is looked at."""

from ortaq.core.errors import N_, OrtaqError, Refused


class RequestMalformed(OrtaqError):
    code, status = "api.request-malformed", 400
    say = N_("The request cannot be read: %(reason)s. Correct it and send it again.")


class BodyMalformed(OrtaqError):
    code, status = "api.body-malformed", 400
    say = N_("The body is not the JSON that is wanted: %(reason)s. Correct it and send it again.")


class TokenRefused(OrtaqError):
    code, status = "api.token-refused", 401
    say = N_("This is not how a token is sent. Send the header 'Authorization: Bearer ortaq_…' with the whole token.")


class CredentialsMissing(OrtaqError):
    code, status = "api.credentials-missing", 401
    say = N_("Only people of this node may do that. Send a token: 'Authorization: Bearer ortaq_…'.")


class ScopeMissing(OrtaqError):
    code, status = "api.scope-missing", 403
    say = N_("The token may not do that: it lacks the scope '%(scope)s'. Make one that has it under your account.")


class ForgeryRefused(OrtaqError):
    code, status = "api.csrf", 403
    say = N_("The session cookie alone is not enough to write. Send the header X-CSRFToken with it, or use a token.")


class AddressUnknown(OrtaqError):
    code, status = "api.address-unknown", 404
    say = N_("There is nothing at %(path)s. Every address of the API stands in /api/openapi.json.")


class MethodRefused(OrtaqError):
    code, status = "api.method-refused", 405
    say = N_("%(path)s does not answer %(method)s. Use one of: %(allowed)s.")


class FormNotOffered(OrtaqError):
    code, status = "api.form-not-offered", 406
    say = N_("The answer cannot be had as '%(accept)s'. Accept %(offered)s.")


class LengthMissing(OrtaqError):
    code, status = "api.length-missing", 411
    say = N_("The length of the body is not said. Send the header Content-Length.")


class VersionStale(OrtaqError):
    code, status = "api.version-stale", 412
    say = N_(
        "%(uri)s is at version %(present)s, %(etag)s, which is not the one you name in If-Match. Read it, edit that one, send it again."
    )


class BodyTooLarge(OrtaqError):
    code, status = "api.body-too-large", 413
    say = N_("The body has %(bytes)s bytes; at most %(limit)s are read. Put long texts into a material's file.")


class BodyNotJson(OrtaqError):
    code, status = "api.body-not-json", 415
    say = N_("The body is sent as '%(given)s'. Send JSON with the header Content-Type: application/json.")


class BodyMisshapen(Refused):
    code, status = "api.body-misshapen", 422
    say = N_("The body has not the members that are wanted: %(problems)s. Correct it and send it again.")


class BadParameter(OrtaqError):
    code, status = "api.parameter-malformed", 422
    say = N_("The parameter %(name)s cannot be '%(value)s': %(reason)s.")


class UnknownParameter(OrtaqError):
    code, status = "api.parameter-unknown", 422
    say = N_("There is no parameter %(names)s; known are: %(known)s. Correct the name or leave it out.")


class VersionNotNamed(OrtaqError):
    code, status = "api.version-not-named", 428
    say = N_("Say which version you have read: send its ETag in the header If-Match, so that nobody's work is lost.")


class TooManyAsks(OrtaqError):
    code, status = "api.too-many-requests", 429
    say = N_("You may ask %(asks)s times in %(seconds)s seconds. Wait %(wait)s seconds, then go on.")


class ServerFault(OrtaqError):
    code, status = "api.fault", 500
    say = N_("Something went wrong on our side; the fault has been noted. Try again in a moment.")


class Unavailable(OrtaqError):
    code, status = "api.unavailable", 503
    say = N_("The node is too busy to answer now. Wait %(wait)s seconds, then ask again.")
