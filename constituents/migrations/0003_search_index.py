"""The databases' own indexes over what the search box looks in: FTS5, or GIN and pg_trgm."""

from django.db import migrations

from constituents.search import indexes


def install(apps, schema_editor):
    indexes.install(using=schema_editor.connection.alias)


def drop(apps, schema_editor):
    indexes.drop(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    replaces = [("constituents", "0010_search_index")]
    dependencies = [("constituents", "0002_shipped_relationship_types")]
    operations = [migrations.RunPython(install, drop)]
