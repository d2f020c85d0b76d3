# SPDX-License-Identifier: Apache-2.0
"""Every address of the node."""

from django.urls import include, path

urlpatterns = [
    path("", include("ortaq.doors.web.urls")),
    path("", include("ortaq.opinions.pages")),
    path("api/", include("ortaq.doors.api.urls")),
]

handler400 = "ortaq.doors.web.failures.bad_request"
handler403 = "ortaq.doors.web.failures.forbidden"
handler404 = "ortaq.doors.web.failures.not_found"
handler500 = "ortaq.doors.web.failures.server_error"
