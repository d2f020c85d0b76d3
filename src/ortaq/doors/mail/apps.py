# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "ortaq.doors.mail"
    label = "mail"
