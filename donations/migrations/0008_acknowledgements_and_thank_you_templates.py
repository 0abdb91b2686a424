import core.money.fields
import django.core.validators
import django.db.models.deletion
import donations.models.thank_you_run
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

# Gifts from before thanks were kept: nobody is asked to thank for them now.
SETTLE_EARLIER_GIFTS = """
    INSERT INTO donations_acknowledgement (gift_id, state, since, how, note, is_automatic)
    SELECT id, 'not_wanted', posted_at, '', 'From before thanks were kept here.', TRUE
    FROM donations_gift WHERE posted_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0009_bulk_runs'),
        ('donations', '0007_gift_aid'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ThanksSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('overdue_after', models.PositiveSmallIntegerField(default=48, help_text='Hours a donor may wait for thanks. From then on the gift is marked as late in the queue.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='late after')),
                ('emails_online_gifts', models.BooleanField(default=True, help_text='By the templates that say so, as soon as a gift of the giving page or the portal is posted.', verbose_name='e-mail thanks at once for gifts made online')),
                ('thanks_for_dues', models.BooleanField(default=False, help_text='Otherwise dues are noted as “no thanks wanted” when they are posted.', verbose_name='thank for membership dues too')),
                ('together', models.CharField(choices=[('household', 'One letter a household'), ('donor', 'One letter a donor'), ('gift', 'One letter a gift')], default='household', help_text='What is proposed when letters are printed: gifts that wait together may share one.', max_length=10, verbose_name='letters')),
            ],
            options={
                'verbose_name': 'thanks',
                'verbose_name_plural': 'thanks',
            },
        ),
        migrations.CreateModel(
            name='ThankYouTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='For staff; never printed.', max_length=120, unique=True, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=10, help_text='Of all that fit a gift, the one with the lowest is taken.', verbose_name='place in the list')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('amount_from', core.money.fields.AmountField(blank=True, decimal_places=3, help_text='In your base currency. Empty: however small.', max_digits=15, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='from')),
                ('amount_below', core.money.fields.AmountField(blank=True, decimal_places=3, help_text='In your base currency; a gift of just this is not meant. Empty: however large.', max_digits=15, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='below')),
                ('number', models.CharField(choices=[('any', 'Any gift'), ('first', 'First gifts only'), ('further', 'Second and later gifts only')], default='any', max_length=8, verbose_name='which gifts')),
                ('tribute', models.CharField(choices=[('any', 'With or without'), ('with', 'Only gifts in somebody’s honour or memory'), ('without', 'Only gifts without')], default='any', max_length=8, verbose_name='honour or memory')),
                ('method', models.CharField(blank=True, choices=[('card', 'Card'), ('bank_debit', 'Bank debit'), ('transfer', 'Bank transfer'), ('cheque', 'Cheque'), ('cash', 'Cash'), ('payroll', 'Payroll'), ('in_kind', 'In kind'), ('securities', 'Securities'), ('daf', 'Donor-advised fund'), ('other', 'Other')], help_text='Empty: however the gift came.', max_length=12, verbose_name='method')),
                ('language', models.CharField(default='en', help_text='The language it is written in: dates and amounts are written in it too.', max_length=8, verbose_name='language')),
                ('other_languages', models.BooleanField(default=True, help_text='When no template in the donor’s own language fits.', verbose_name='also for donors who read another language')),
                ('subject', models.CharField(blank=True, help_text='Of the e-mail. Empty: “Thank you” and your name.', max_length=150, verbose_name='subject')),
                ('words', models.TextField(max_length=20000, verbose_name='letter')),
                ('email_words', models.TextField(blank=True, help_text='Empty: the words of the letter.', max_length=20000, verbose_name='e-mail')),
                ('email_at_once', models.BooleanField(default=False, help_text='When the gift comes from the giving page or the portal and we have an e-mail address.', verbose_name='e-mail at once for gifts made online')),
                ('receipt', models.CharField(choices=[('nothing', 'Nothing: it goes its own way'), ('sentence', 'The sentences tax law asks for, in the letter itself'), ('enclosed', 'The receipt itself, enclosed behind the letter or attached to the e-mail')], default='nothing', max_length=8, verbose_name='receipt')),
                ('signatory_name', models.CharField(blank=True, help_text='Empty: who signs for the organisation.', max_length=255, verbose_name='signed by')),
                ('signatory_title', models.CharField(blank=True, max_length=255, verbose_name='signatory’s title')),
                ('funds', models.ManyToManyField(blank=True, help_text='For gifts of which a part goes to one of these. None chosen: for all funds.', related_name='+', to='donations.fund', verbose_name='funds')),
            ],
            options={
                'verbose_name': 'thank-you template',
                'verbose_name_plural': 'thank-you templates',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ThankYouRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('drawing', 'Being made'), ('ready', 'To be printed'), ('printed', 'Printed'), ('discarded', 'Discarded')], default='drawing', max_length=10, verbose_name='state')),
                ('together', models.CharField(choices=[('household', 'One letter a household'), ('donor', 'One letter a donor'), ('gift', 'One letter a gift')], default='household', max_length=10, verbose_name='letters')),
                ('receipt', models.CharField(blank=True, choices=[('nothing', 'Nothing: it goes its own way'), ('sentence', 'The sentences tax law asks for, in the letter itself'), ('enclosed', 'The receipt itself, enclosed behind the letter or attached to the e-mail')], help_text='Empty: as each template says.', max_length=8, verbose_name='receipt')),
                ('letters', models.PositiveIntegerField(default=0, editable=False, verbose_name='letters')),
                ('pages', models.PositiveIntegerField(default=0, editable=False, verbose_name='pages')),
                ('file', models.FileField(blank=True, editable=False, max_length=200, storage=donations.models.thank_you_run.private_storage, upload_to=donations.models.thank_you_run.print_path)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='printed or discarded')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='printed or discarded by')),
                ('template', models.ForeignKey(blank=True, help_text='Empty: each letter by the template that fits its gift.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='donations.thankyoutemplate', verbose_name='template')),
            ],
            options={
                'verbose_name': 'print of thank-you letters',
                'verbose_name_plural': 'prints of thank-you letters',
                'ordering': ['-made_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('to_do', 'Waiting for thanks'), ('done', 'Thanked'), ('not_wanted', 'No thanks wanted')], default='to_do', max_length=10, verbose_name='state')),
                ('since', models.DateTimeField(help_text='When the gift was posted.', verbose_name='waiting since')),
                ('how', models.CharField(blank=True, choices=[('letter', 'Letter'), ('email', 'E-mail'), ('telephone', 'Telephone'), ('in_person', 'In person'), ('other', 'Otherwise')], max_length=10, verbose_name='how')),
                ('at', models.DateTimeField(blank=True, help_text='When they were thanked.', null=True, verbose_name='when')),
                ('is_automatic', models.BooleanField(default=False, help_text='That none is wanted follows from the gift; nobody chose it.', verbose_name='decided by rule')),
                ('note', models.CharField(blank=True, help_text='What was said, or why none is wanted.', max_length=300, verbose_name='note')),
                ('by', models.ForeignKey(blank=True, help_text='Empty: Steward itself.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('gift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgement', to='donations.gift', verbose_name='gift')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.message', verbose_name='e-mail')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='acknowledgements', to='donations.thankyourun', verbose_name='printed with')),
                ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='donations.thankyoutemplate', verbose_name='template')),
            ],
            options={
                'verbose_name': 'acknowledgement',
                'verbose_name_plural': 'acknowledgements',
                'ordering': ['since', 'pk'],
                'permissions': [('thank_donor', 'Can thank donors'), ('export_acknowledgement', 'Can export acknowledgements')],
            },
        ),
        migrations.AddConstraint(
            model_name='thankyoutemplate',
            constraint=models.CheckConstraint(condition=models.Q(('amount_from__isnull', True), ('amount_below__isnull', True), ('amount_from__lt', models.F('amount_below')), _connector='OR'), name='donations_thanks_amounts_in_order', violation_error_message='No gift is from the one amount and below the other.'),
        ),
        migrations.AddConstraint(
            model_name='thankyourun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('state__in', ['printed', 'discarded'])), models.Q(('settled_at__isnull', True), ('state__in', ['drawing', 'ready'])), _connector='OR'), name='donations_thank_you_run_settled_once_printed'),
        ),
        migrations.AddIndex(
            model_name='acknowledgement',
            index=models.Index(fields=['state', 'since'], name='donations_a_state_a772fb_idx'),
        ),
        migrations.AddIndex(
            model_name='acknowledgement',
            index=models.Index(fields=['at'], name='donations_a_at_d4ca80_idx'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', False), ('state', 'done'), models.Q(('how', ''), _negated=True)), models.Q(models.Q(('state', 'done'), _negated=True), ('at__isnull', True), ('how', ''), ('message__isnull', True)), _connector='OR'), name='donations_thanked_says_how_and_when', violation_error_message='Say how and when they were thanked.'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_wanted'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='donations_no_thanks_says_why', violation_error_message='Say why no thanks are wanted.'),
        ),
        migrations.RunSQL(SETTLE_EARLIER_GIFTS, migrations.RunSQL.noop),
    ]
