# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class HarvestConfig(AppConfig):
    name = "ortaq.doors.harvest"
    label = "harvest"
