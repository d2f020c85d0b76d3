# SPDX-License-Identifier: Apache-2.0
"""Every address of the node."""

from django.urls import include, path

urlpatterns = [
    path("", include("ortaq.doors.web.urls")),
    path("api/", include("ortaq.doors.api.urls")),
]
