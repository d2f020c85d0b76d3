# SPDX-License-Identifier: Apache-2.0
"""/api/files: what is known of the bytes of a digest, and where to have them."""

from urllib.parse import quote

from django.http import HttpResponse

from ortaq.doors.api.operations import Answer, Call, Operation, answer
from ortaq.files.errors import FileAbsent
from ortaq.files.queries import kept_file
from ortaq.records.queries import attachments_of

_MOST_RECORDS = 100


def read_file(call: Call) -> HttpResponse:
    digest = call.path["digest"]
    records = attachments_of(digest, call.viewer, limit=_MOST_RECORDS) if len(digest) == 47 else []
    if not records:
        raise FileAbsent(digest=digest[:60])
    kept = kept_file(digest)
    document = {
        "digest": kept.digest,
        "bytes": kept.bytes,
        "media_type": kept.media_type,
        "address": f"/files/{kept.digest}/{quote(records[0].name, safe='')}",
        "records": [{"uri": one.record.uri, "name": one.name} for one in records],
    }
    return answer(document)


OPERATIONS = (
    Operation(
        "GET", "/files/{digest}", "readFile", "files", "Read what is known of a file", read_file,
        {200: Answer("Its size, its type, where its bytes are, and the records that have it.", "File")},
        "The bytes stand at `address`, whole or in ranges. To send a file, use the tus protocol (version 1.0.0) at `/uploads/` with a token of "
        "the scope `files`; the digest that it answers goes into the `files` of a material.",
        refuses=(FileAbsent,),
    ),
)  # fmt: skip
