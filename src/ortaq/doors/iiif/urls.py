# SPDX-License-Identifier: Apache-2.0
from django.urls import path, re_path

from ortaq.doors.iiif import collections, discovery, images, manifests

_IMAGE = r"iiif/image/(?P<digest>uEi[A-Za-z0-9_-]{44})"
_PART = r"(?P<region>[^/]+)/(?P<scale>[^/]+)/(?P<rotation>[^/]+)/(?P<quality>[^/.]+)\.(?P<ending>[^/]*)"

urlpatterns = [
    re_path(rf"^{_IMAGE}/{_PART}\Z", images.image, name="iiif-image-part"),
    path("iiif/discovery", discovery.collection, name="iiif-discovery"),
    path("iiif/discovery/upto/<int:upto>", discovery.page, name="iiif-discovery-page"),
    path("search/manifests.json", collections.of_search, name="iiif-collection"),
    re_path(r"^r/(?P<name>[^/.]{1,80})/manifest\.json\Z", manifests.manifest, name="iiif-manifest"),
    re_path(rf"^{_IMAGE}\Z", images.base, name="iiif-image"),
    re_path(rf"^{_IMAGE}/info\.json\Z", images.info, name="iiif-image-info"),
]
