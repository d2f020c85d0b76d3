# SPDX-License-Identifier: Apache-2.0

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=26, unique=True)),
                ('actor', models.CharField(max_length=60)),
                ('institution', models.CharField(max_length=16)),
                ('kind', models.CharField(max_length=40)),
                ('record', models.CharField(max_length=60, null=True)),
                ('base_version', models.IntegerField(null=True)),
                ('body', models.TextField()),
                ('audience', models.TextField()),
                ('state', models.CharField(default='draft', max_length=10)),
                ('revision', models.IntegerField(default=1)),
                ('remark', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField()),
                ('proposed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['actor', 'id'], name='copy_of_actor'), models.Index(fields=['institution', 'state'], name='copy_of_institution')],
            },
        ),
    ]
