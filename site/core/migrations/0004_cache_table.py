from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    # Sign-in throttles live in the database cache; without its table every sign-in would fail.
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [("core", "0003_message")]

    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
