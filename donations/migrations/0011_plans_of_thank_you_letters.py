
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0010_accounting'),
    ]

    operations = [
        migrations.AddField(
            model_name='thankyourun',
            name='issues_receipts',
            field=models.BooleanField(default=False, help_text='For letters that enclose one.', verbose_name='issue receipts that are missing'),
        ),
        migrations.AddField(
            model_name='thankyourun',
            name='left_out',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='thankyourun',
            name='plan',
            field=models.JSONField(default=list, editable=False),
        ),
    ]
