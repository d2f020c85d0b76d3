# SPDX-License-Identifier: Apache-2.0
"""Every address of the node."""

from django.urls import include, path

urlpatterns = [
    path(
        "", include("ortaq.doors.iiif.urls")
    ),  # first: a viewer asks for dozens of tiles a second, and addresses are tried in turn
    path("", include("ortaq.doors.web.urls")),
    path("", include("ortaq.heritage.pages")),
    path("", include("ortaq.opinions.pages")),
    path("", include("ortaq.roadmap.pages")),
    path("", include("ortaq.doors.feed.urls")),
    path("", include("ortaq.doors.oai.urls")),
    path("", include("ortaq.doors.feeds.urls")),
    path("api/", include("ortaq.doors.api.urls")),
]

handler400 = "ortaq.site.failures.bad_request"
handler403 = "ortaq.site.failures.forbidden"
handler404 = "ortaq.site.failures.not_found"
handler500 = "ortaq.site.failures.server_error"
