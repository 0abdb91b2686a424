

import constituents.models.constituent
import constituents.models.document
import core.files.storage
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('constituents', '0005_follow_ups_plans_rules_and_mail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('kind', models.CharField(choices=[('letter', 'Letter'), ('agreement', 'Agreement'), ('report', 'Report or proposal'), ('picture', 'Picture'), ('other', 'Other')], default='other', max_length=12, verbose_name='kind')),
                ('note', models.CharField(blank=True, max_length=255, verbose_name='note')),
                ('file', models.FileField(max_length=120, storage=core.files.storage.private_storage, upload_to=constituents.models.document.document_path, verbose_name='file')),
                ('content_type', models.CharField(editable=False, max_length=100, verbose_name='type')),
                ('size', models.PositiveBigIntegerField(editable=False, help_text='In bytes.', verbose_name='size')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-uploaded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Relationship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, help_text='What they are there: “Treasurer”.', max_length=120, verbose_name='title')),
                ('is_primary', models.BooleanField(default=False, help_text='The organisation named beside the person; one at most.', verbose_name='main affiliation')),
                ('may_manage', models.BooleanField(default=False, help_text='The one signs in and acts for the other: a parent for a child, a treasurer for an organisation.', verbose_name='acts for them on the portal')),
                ('since', models.DateField(blank=True, help_text='Empty: for as long as we know.', null=True, verbose_name='since')),
                ('until', models.DateField(blank=True, help_text='The last day; empty: it holds today.', null=True, verbose_name='until')),
                ('note', models.CharField(blank=True, max_length=255, verbose_name='note')),
            ],
            options={
                'verbose_name': 'relationship',
                'verbose_name_plural': 'relationships',
                'ordering': ['type__position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RelationshipType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(blank=True, editable=False, help_text='Of a shipped type.', max_length=40, null=True, unique=True, verbose_name='key')),
                ('first_is', models.CharField(help_text='Such as “Parent”, “Employee”, “Treasurer”.', max_length=60, verbose_name='the one is')),
                ('second_is', models.CharField(help_text='Such as “Child”, “Employer”; the same word when both are alike.', max_length=60, verbose_name='the other is')),
                ('first_kind', models.CharField(blank=True, choices=[('person', 'Person'), ('organisation', 'Organisation')], help_text='Empty: a person or an organisation.', max_length=12, verbose_name='the one may be')),
                ('second_kind', models.CharField(blank=True, choices=[('person', 'Person'), ('organisation', 'Organisation')], help_text='Empty: a person or an organisation.', max_length=12, verbose_name='the other may be')),
                ('is_symmetric', models.BooleanField(default=False, help_text='As between friends or siblings.', verbose_name='alike from both sides')),
                ('is_affiliation', models.BooleanField(default=False, help_text='A person’s place at an organisation: has a title, and one of them can be the main one.', verbose_name='affiliation')),
                ('is_active', models.BooleanField(default=True, help_text='Off: kept where it is used, not offered.', verbose_name='offered')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='position')),
            ],
            options={
                'verbose_name': 'relationship type',
                'verbose_name_plural': 'relationship types',
                'ordering': ['position', 'first_is'],
            },
        ),
        migrations.AddField(
            model_name='constituent',
            name='photo',
            field=models.FileField(blank=True, editable=False, max_length=120, storage=core.files.storage.private_storage, upload_to=constituents.models.constituent.photo_path, verbose_name='photo'),
        ),
        migrations.AddField(
            model_name='emailaddress',
            name='valid_from',
            field=models.DateField(blank=True, null=True, verbose_name='valid from'),
        ),
        migrations.AddField(
            model_name='emailaddress',
            name='valid_until',
            field=models.DateField(blank=True, help_text='The last day it is theirs.', null=True, verbose_name='valid until'),
        ),
        migrations.AddField(
            model_name='phone',
            name='bad_since',
            field=models.DateField(blank=True, null=True, verbose_name='does not work since'),
        ),
        migrations.AddField(
            model_name='phone',
            name='is_bad',
            field=models.BooleanField(default=False, verbose_name='does not work'),
        ),
        migrations.AddField(
            model_name='phone',
            name='valid_from',
            field=models.DateField(blank=True, null=True, verbose_name='valid from'),
        ),
        migrations.AddField(
            model_name='phone',
            name='valid_until',
            field=models.DateField(blank=True, help_text='The last day it is theirs.', null=True, verbose_name='valid until'),
        ),
        migrations.AlterField(
            model_name='emailaddress',
            name='source',
            field=models.CharField(blank=True, help_text='Where we have it from.', max_length=120, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='phone',
            name='source',
            field=models.CharField(blank=True, help_text='Where we have it from.', max_length=120, verbose_name='source'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['-at', '-id'], name='constituents_interaction_at'),
        ),
        migrations.AddConstraint(
            model_name='emailaddress',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lte', models.F('valid_until')), _connector='OR'), name='constituents_email_dates_in_order', violation_error_message='It ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='emailaddress',
            constraint=models.CheckConstraint(condition=models.Q(('bad_since__isnull', True), ('is_bad', True), _connector='OR'), name='constituents_email_bad_since_needs_bad', violation_error_message='A day since when it fails needs “does not work” to be set.'),
        ),
        migrations.AddConstraint(
            model_name='phone',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lte', models.F('valid_until')), _connector='OR'), name='constituents_phone_dates_in_order', violation_error_message='It ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='phone',
            constraint=models.CheckConstraint(condition=models.Q(('bad_since__isnull', True), ('is_bad', True), _connector='OR'), name='constituents_phone_bad_since_needs_bad', violation_error_message='A day since when it fails needs “does not work” to be set.'),
        ),
        migrations.AddField(
            model_name='document',
            name='constituent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='constituents.constituent', verbose_name='about'),
        ),
        migrations.AddField(
            model_name='document',
            name='interaction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='constituents.interaction', verbose_name='with the contact'),
        ),
        migrations.AddField(
            model_name='document',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by'),
        ),
        migrations.AddField(
            model_name='relationship',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships_as_first', to='constituents.constituent', verbose_name='the one'),
        ),
        migrations.AddField(
            model_name='relationship',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships_as_second', to='constituents.constituent', verbose_name='the other'),
        ),
        migrations.AddConstraint(
            model_name='relationshiptype',
            constraint=models.CheckConstraint(condition=models.Q(('is_symmetric', False), models.Q(('first_is', models.F('second_is')), ('first_kind', models.F('second_kind'))), _connector='OR'), name='constituents_symmetric_type_reads_alike', violation_error_message='Alike from both sides: use the same word and the same kind for both.'),
        ),
        migrations.AddConstraint(
            model_name='relationshiptype',
            constraint=models.CheckConstraint(condition=models.Q(('is_affiliation', False), models.Q(('first_kind', 'person'), ('second_kind', 'organisation')), _connector='OR'), name='constituents_affiliation_joins_person_to_organisation', violation_error_message='An affiliation is of a person with an organisation.'),
        ),
        migrations.AddConstraint(
            model_name='relationshiptype',
            constraint=models.UniqueConstraint(fields=('first_is', 'second_is'), name='constituents_relationship_type_once', violation_error_message='There is a type with these words already.'),
        ),
        migrations.AddField(
            model_name='relationship',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relationships', to='constituents.relationshiptype', verbose_name='type'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['constituent', '-uploaded_at'], name='constituents_documents_of'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('constituent__isnull', False), ('interaction__isnull', False), _connector='OR'), name='constituents_document_is_about_something', violation_error_message='A document belongs to somebody, or to a contact.'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='constituents_relationship_of_two', violation_error_message='A relationship is between two different records.'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.CheckConstraint(condition=models.Q(('since__isnull', True), ('until__isnull', True), ('since__lte', models.F('until')), _connector='OR'), name='constituents_relationship_dates_in_order', violation_error_message='The relationship ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('type', 'first', 'second'), name='constituents_relationship_once', violation_error_message='This relationship is already on record.'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('first',), name='constituents_one_primary_affiliation', violation_error_message='Only one affiliation can be the main one.'),
        ),
    ]
