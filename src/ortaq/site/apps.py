# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Hands the lists of kinds, of page parts and of who does which job to those who know no area."""

    name = "ortaq.site"
    label = "ortaq_site"

    def ready(self) -> None:
        from ortaq.doors.api import opinions as api_opinions  # late: app ready
        from ortaq.doors.web import panels  # late: app ready
        from ortaq.doors.web.importing import work as importing  # late: app ready
        from ortaq.doors.web.many import work as many  # late: app ready
        from ortaq.heritage import pages as heritage  # late: app ready
        from ortaq.opinions import pages as opinions  # late: app ready
        from ortaq.opinions.actions import hide_for, say, show_opinion  # late: app ready
        from ortaq.opinions.queries import opinions_about  # late: app ready
        from ortaq.records import jobs, registry  # late: app ready
        from ortaq.roadmap import pages as roadmap  # late: app ready
        from ortaq.site.kinds import KINDS  # late: app ready

        registry.install(KINDS)
        panels.install([heritage.panel, roadmap.panel, opinions.panel], [opinions.newest_panel])
        api_opinions.install(opinions_about, say, hide_for, show_opinion)
        jobs.install({many.SORT: many.step, importing.SORT: importing.step})
