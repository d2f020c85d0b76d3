# SPDX-License-Identifier: Apache-2.0
"""Addresses of merging duplicates."""

from django.urls import URLPattern, URLResolver, path, re_path

from ortaq.doors.web.merging import choosing, deciding, undoing

_RECORD = r"r/(?P<name>[^/.]{1,80})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("duplicates", choosing.duplicates, name="duplicates"),
    re_path(rf"^{_RECORD}/merge\Z", choosing.choose, name="record-merge"),
    re_path(rf"^{_RECORD}/merge/options\Z", choosing.options, name="record-merge-options"),
    re_path(rf"^{_RECORD}/merge/with/(?P<other>[^/.]{{1,80}})\Z", deciding.decide, name="record-merge-with"),
    re_path(rf"^{_RECORD}/unmerge\Z", undoing.unmerge, name="record-unmerge"),
]
