# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ortaq.people"
    label = "people"

    def ready(self) -> None:
        from ortaq.people import sign_ins  # late: app ready

        sign_ins.connect()
