# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "ortaq.records"
    label = "records"
