# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from ortaq.doors.iiif import discovery

urlpatterns = [
    path("iiif/discovery", discovery.collection, name="iiif-discovery"),
    path("iiif/discovery/upto/<int:upto>", discovery.page, name="iiif-discovery-page"),
]
