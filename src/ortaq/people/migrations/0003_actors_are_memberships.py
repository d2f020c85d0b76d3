# SPDX-License-Identifier: Apache-2.0
"""The actor of a person is that of the membership now. Apart from 0002: PostgreSQL alters no table that has rows on their way."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_institutions")]

    operations = [migrations.RemoveField("Person", "actor")]
