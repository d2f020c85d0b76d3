# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ortaq.people"
    label = "people"
