# SPDX-License-Identifier: Apache-2.0
from django.urls import path, re_path

from ortaq.doors.feeds import pages, sitemap

urlpatterns = [
    path("feed.atom", pages.newest, name="feed"),
    path("search.atom", pages.of_search, name="search-feed"),
    re_path(r"^r/(?P<name>[^/.]{1,80})\.atom\Z", pages.of_record, name="record-feed"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<int:part>.xml", sitemap.part, name="sitemap-part"),
]
