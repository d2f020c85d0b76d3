# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from ortaq.doors.web import about, home, language_switch, look, record, result_downloads, results
from ortaq.doors.web.importing import beginning
from ortaq.doors.web.importing import progress as importing
from ortaq.doors.web.many import choosing, progress

_RECORD = r"r/(?P<name>[^/.]{1,80})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search", results.results, name="search"),
    re_path(r"^search\.(?P<form>jsonl|csv|linked-art)\Z", result_downloads.download_results, name="results-download"),
    path("many", choosing.choose, name="many"),
    path("many/jobs", progress.list_page, name="many-jobs"),
    path("many/jobs/<str:key>", progress.job_page, name="many-job"),
    path("import", beginning.import_page, name="import"),
    path("import/<str:key>", importing.job_page, name="import-job"),
    path("import/<str:key>/report.json", importing.report, name="import-report"),
    path("search/points", results.result_points, name="points"),
    path("suggestions", results.suggestions, name="suggestions"),
    re_path(rf"^{_RECORD}\Z", record.record_page, name="record"),
    re_path(rf"^{_RECORD}\.json\Z", record.record_json, name="record-json"),
    re_path(rf"^{_RECORD}\.jsonl\Z", record.record_line, name="record-line"),
    re_path(rf"^{_RECORD}\.linked-art\Z", record.record_linked_art, name="record-linked-art"),
    re_path(rf"^{_RECORD}/history\Z", record.history_page, name="record-history"),
    re_path(rf"^{_RECORD}/links\Z", record.links_page, name="record-links"),
    path("", include("ortaq.doors.web.work.urls")),
    path("", include("ortaq.doors.web.forms.urls")),
    path("", include("ortaq.doors.web.merging.urls")),
    path("", include("ortaq.doors.web.file_urls")),
    path("", include("ortaq.doors.web.accounts.urls")),
    path("", include("ortaq.doors.web.institutions.urls")),
    path("", include("ortaq.doors.web.partners.urls")),
    path("language/<str:tag>", language_switch.choose_language, name="language"),
    path("look/<str:look>", look.choose_look, name="look"),
    path("about", about.about, name="about"),
    path("robots.txt", about.robots, name="robots"),
]
