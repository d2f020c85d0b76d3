# SPDX-License-Identifier: Apache-2.0
"""People come to belong to institutions: who is here already is of the first one, under the actor that they had."""

import secrets

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ortaq.core.identifiers import local_id

ROLES = [(role, role) for role in ("reader", "contributor", "editor", "steward", "administrator")]


def bring_people_into_one(apps, schema_editor):
    Person, Institution = apps.get_model("people", "Person"), apps.get_model("people", "Institution")
    Membership, Office = apps.get_model("people", "Membership"), apps.get_model("people", "Office")
    Invitation = apps.get_model("people", "Invitation")
    open_ = Invitation.objects.filter(used_at=None)
    if not Person.objects.exists() and not open_.exists():
        return
    first = Institution.objects.create(id=local_id(secrets.token_bytes(10)), name={"und": [settings.NODE_NAME]})
    for person in Person.objects.order_by("id"):
        membership = Membership.objects.create(person=person, institution=first, actor=person.actor)
        role = "administrator" if person.is_keeper else "contributor"
        Office.objects.create(membership=membership, role=role, since_at=person.joined_at)
    open_.filter(is_keeper=True).update(institution=first, role="administrator")
    open_.filter(is_keeper=False).update(institution=first, role="contributor")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RenameField("Person", "is_administrator", "is_keeper"),
        migrations.RenameField("Invitation", "is_administrator", "is_keeper"),
        migrations.CreateModel(
            name="Institution",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("name", models.JSONField()),
                ("country", models.CharField(blank=True, max_length=2)),
                ("homepage", models.URLField(blank=True, max_length=500)),
                ("agent", models.CharField(blank=True, max_length=60)),
                ("is_active", models.BooleanField(default=True)),
                ("needs_proposal", models.BooleanField(default=False)),
                ("quota_bytes", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=60, unique=True)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("institution", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.institution")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL)),
                ("successor", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="predecessors", to="people.membership")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("person", "institution"), name="one_membership_each")]},
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=ROLES, max_length=20)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="offices", to="people.membership")),
            ],
            options={"constraints": [models.UniqueConstraint(condition=models.Q(("until_at", None)), fields=("membership",), name="one_present_office_each")]},
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("action", models.CharField(max_length=60)),
                ("actor", models.CharField(blank=True, max_length=150)),
                ("institution", models.CharField(blank=True, max_length=16)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={"indexes": [models.Index(fields=["institution", "id"], name="audit_of_institution")]},
        ),
        migrations.AddField("Invitation", "institution", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="people.institution")),
        migrations.AddField("Invitation", "role", models.CharField(choices=ROLES, default="reader", max_length=20), preserve_default=False),
        migrations.AddField("Invitation", "office", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddField("Invitation", "made_by", models.CharField(blank=True, default="", max_length=60), preserve_default=False),
        migrations.AddField("Invitation", "revoked_at", models.DateTimeField(null=True)),
        migrations.RunPython(bring_people_into_one, migrations.RunPython.noop, elidable=True),
    ]
