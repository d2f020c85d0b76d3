# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Hands the list of kinds to those who know none."""

    name = "ortaq.site"
    label = "ortaq_site"

    def ready(self) -> None:
        from ortaq.records import registry  # late: app ready
        from ortaq.site.kinds import KINDS  # late: app ready

        registry.install(KINDS)
