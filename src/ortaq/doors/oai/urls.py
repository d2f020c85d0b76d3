# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from ortaq.doors.oai.pages import oai

urlpatterns = [path("oai", oai, name="oai")]
