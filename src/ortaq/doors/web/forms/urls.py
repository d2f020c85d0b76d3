# SPDX-License-Identifier: Apache-2.0
"""Addresses of the forms."""

from django.urls import URLPattern, URLResolver, path, re_path

from ortaq.doors.web.forms import beginning, comparing, merging, previewing, saving, work

_RECORD = r"r/(?P<name>[^/.]{1,80})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("new", beginning.new, name="new"),
    path("new/<str:kind>", beginning.new_kind, name="new-kind"),
    path("work/hint", saving.hint, name="work-hint"),
    path("work/choose", saving.choose, name="work-choose"),
    path("work/<str:key>", work.work, name="work"),
    path("work/<str:key>/save", saving.save, name="work-save"),
    path("work/<str:key>/preview", previewing.preview, name="work-preview"),
    path("work/<str:key>/decide", work.decide, name="work-decide"),
    path("work/<str:key>/discard", work.discard, name="work-discard"),
    path("work/<str:key>/merge", merging.merge_page, name="work-merge"),
    re_path(rf"^{_RECORD}/edit\Z", beginning.edit, name="record-edit"),
    re_path(rf"^{_RECORD}/compare\Z", comparing.compare, name="record-compare"),
    re_path(rf"^{_RECORD}/restore\Z", beginning.restore, name="record-restore"),
    re_path(rf"^{_RECORD}/withdraw\Z", beginning.withdraw, name="record-withdraw"),
]
