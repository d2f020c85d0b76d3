# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages of institutions, and of the node's keepers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
