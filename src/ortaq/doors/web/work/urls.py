# SPDX-License-Identifier: Apache-2.0
"""Addresses of one's own work, of what waits for one, and of what one is told. Before those of single working copies."""

from django.urls import URLPattern, URLResolver, path

from ortaq.doors.web.work import choosing, following, mine, told, waiting

urlpatterns: list[URLPattern | URLResolver] = [
    path("work", mine.my_work, name="my-work"),
    path("work/waiting", waiting.proposals, name="work-waiting"),
    path("notices", told.notices, name="notices"),
    path("notices/seen", told.seen, name="notices-seen"),
    path("notices/settle", told.settle_notice, name="notices-settle"),
    path("notices/choose", choosing.choose, name="notices-choose"),
    path("notices/following", following.followed, name="following"),
    path("notices/no-mail/<str:token>", choosing.no_mail, name="no-mail"),
    path("follow", following.follow_page, name="follow"),
]
