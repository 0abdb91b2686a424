"""What the search box looks in, and the databases' own indexes over it: FTS5, or GIN and pg_trgm."""

import django.db.models.deletion
from django.db import migrations, models

from constituents.search import indexes


def install(apps, schema_editor):
    indexes.install(using=schema_editor.connection.alias)


def drop(apps, schema_editor):
    indexes.drop(using=schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ('constituents', '0009_merges_and_their_journal'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('constituent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='constituents.constituent')),
                ('tokens', models.TextField(help_text='Such as n:lee p:sw1a1aa, each once, with one space between.')),
                ('emails', models.TextField(blank=True, help_text='The addresses in lower case, for parts from their middle.')),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(db_index=True, max_length=64)),
            ],
            options={
                'verbose_name': 'word in names',
                'verbose_name_plural': 'words in names',
            },
        ),
        migrations.RemoveField(
            model_name='constituent',
            name='search_text',
        ),
        migrations.RunPython(install, drop),
    ]
