# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class NodesConfig(AppConfig):
    name = "ortaq.nodes"
    label = "nodes"
