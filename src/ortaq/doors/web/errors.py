# SPDX-License-Identifier: Apache-2.0
"""What a page may answer when the request cannot be met."""

from ortaq.core.errors import N_, OrtaqError


class BadParameter(OrtaqError):
    code, status = "web.bad-parameter", 400
    say = N_("The address has '%(value)s' as %(name)s, which means nothing here. Correct the address or search anew.")


class RecordDamaged(OrtaqError):
    code, status = "record.damaged", 500
    say = N_(
        "What the database holds of %(uri)s cannot be read. Its page says which change is broken; run 'ortaq verify'."
    )


class VersionAbsent(OrtaqError):
    code, status = "record.version-absent", 404
    say = N_("%(uri)s has no version %(version)s that you may read. Choose another one from its history.")
