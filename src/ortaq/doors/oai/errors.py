# SPDX-License-Identifier: Apache-2.0
"""The errors of OAI-PMH: the protocol has the codes, an answer with one is a 200. Section 3.6."""

from typing import ClassVar

from ortaq.core.errors import N_, OrtaqError


class OaiError(OrtaqError):
    """oai: its code in the protocol."""

    status = 200
    oai: ClassVar[str]


class BadVerb(OaiError):
    code, oai = "oai.bad-verb", "badVerb"
    say = N_("There is no such verb, or more than one. Use one of: %(known)s.")


class BadArgument(OaiError):
    code, oai = "oai.bad-argument", "badArgument"
    say = N_("The arguments are not right: %(reason)s.")


class BadResumptionToken(OaiError):
    code, oai = "oai.bad-resumption-token", "badResumptionToken"
    say = N_(
        "This node has not given out that resumption token, or its list was made anew since. Begin the harvest again."
    )


class CannotDisseminate(OaiError):
    code, oai = "oai.cannot-disseminate", "cannotDisseminateFormat"
    say = N_("'%(prefix)s' is no format for that. ListMetadataFormats names those that are.")


class NoSuchIdentifier(OaiError):
    code, oai = "oai.no-such-identifier", "idDoesNotExist"
    say = N_("Nothing that everyone may see has or had the identifier '%(identifier)s'.")


class NothingMatches(OaiError):
    code, oai = "oai.nothing-matches", "noRecordsMatch"
    say = N_("No record matches.")
