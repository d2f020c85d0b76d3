# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of following, or of being told."""

from ortaq.core.errors import N_, OrtaqError


class TooManyFollowed(OrtaqError):
    code, status = "follow.too-many", 409
    say = N_(
        "You follow %(limit)s records and institutions, which is as many as one can. Stop following some of them first."
    )


class NoticeAbsent(OrtaqError):
    code, status = "notice.absent", 404
    say = N_("There is no such notice for you. Go back to your notices.")


class LinkUnknown(OrtaqError):
    code, status = "notice.link-unknown", 404
    say = N_("This link is not known here. Copy it whole, or sign in and choose what you are told of.")
