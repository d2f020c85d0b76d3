# SPDX-License-Identifier: Apache-2.0
"""What search refuses, and what to do about it."""

from ortaq.core.errors import N_, OrtaqError


class IndexAbsent(OrtaqError):
    code, status = "search.index-absent", 503
    say = N_("The search index is still being built. Try again in a moment; 'ortaq reindex' builds it at once.")


class IndexDamaged(OrtaqError):
    code, status = "search.index-damaged", 503
    say = N_("The search index cannot be read. Run 'ortaq reindex'; no record is lost.")


class IndexHeld(OrtaqError):
    code, status = "search.index-held", 409
    say = N_("The search index of %(home)s is kept by process %(process)s. Wait for it, or stop it, then try again.")


class TooDeep(OrtaqError):
    code, status = "search.too-deep", 422
    say = N_(
        "By relevance, the first %(limit)s hits can be read. Add words or a filter to narrow the question, or order by date."
    )


class BadCursor(OrtaqError):
    code, status = "search.cursor-malformed", 422
    say = N_(
        "'%(cursor)s' does not continue this list. Take 'after' from the answer before it, and keep the question as it was."
    )


class BadQuestion(OrtaqError):
    code, status = "search.question-malformed", 422
    say = N_("%(field)s cannot be '%(value)s': %(reason)s.")
