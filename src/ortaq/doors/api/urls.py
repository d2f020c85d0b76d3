# SPDX-License-Identifier: Apache-2.0
"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, path

from ortaq.doors.api.search import search_view

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [path("search", search_view, name="search")]
