# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ortaq.notices"
    label = "notices"

    def ready(self) -> None:
        from ortaq.notices.copies import note_move  # late: app ready
        from ortaq.records.signals import copy_moved  # late: app ready

        copy_moved.connect(note_move)
