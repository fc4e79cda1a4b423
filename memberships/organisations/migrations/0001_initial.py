import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alliance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('acronym', models.CharField(blank=True, max_length=30)),
                ('name_en', models.CharField(max_length=200)),
                ('name_fr', models.CharField(blank=True, max_length=200)),
                ('name_es', models.CharField(blank=True, max_length=200)),
                ('name_ar', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ('name_en',),
            },
        ),
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name_en', models.CharField(max_length=120)),
                ('name_fr', models.CharField(blank=True, max_length=120)),
                ('name_es', models.CharField(blank=True, max_length=120)),
                ('name_ar', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ('name_en',),
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('name', models.CharField(max_length=200, verbose_name='name in English')),
                ('native_name', models.CharField(blank=True, max_length=200, verbose_name='name in its own language')),
                ('native_language', models.CharField(blank=True, max_length=8, verbose_name='language of that name')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('region', models.CharField(choices=[('africa', 'Africa'), ('americas', 'Americas'), ('asia-pacific', 'Asia & Pacific'), ('europe-central-asia', 'Europe & Central Asia'), ('international', 'International'), ('middle-east-north-africa', 'Middle East & North Africa')], max_length=30, verbose_name='region')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('country_hidden', models.BooleanField(default=False, verbose_name='hide the country')),
                ('city', models.CharField(blank=True, max_length=120, verbose_name='city')),
                ('city_hidden', models.BooleanField(default=False, verbose_name='hide the city')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, default=list, size=None, verbose_name='working languages')),
                ('founded_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='founded in')),
                ('joined_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='member since')),
                ('website', models.URLField(blank=True, max_length=300, verbose_name='website')),
                ('description_en', models.TextField(blank=True, verbose_name='description in English')),
                ('description_fr', models.TextField(blank=True, verbose_name='description in French')),
                ('description_es', models.TextField(blank=True, verbose_name='description in Spanish')),
                ('description_ar', models.TextField(blank=True, verbose_name='description in Arabic')),
                ('at_risk', models.BooleanField(default=False, verbose_name='at risk: show the name only')),
                ('name_sort', models.CharField(db_collation='C', db_index=True, editable=False, max_length=220)),
                ('native_name_sort', models.CharField(blank=True, db_collation='C', editable=False, max_length=220)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='files.storedfile')),
                ('subjects', models.ManyToManyField(blank=True, related_name='organisations', to='organisations.subject', verbose_name='works on')),
            ],
            options={
                'ordering': ('name_sort', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Telephone'), ('address', 'Postal address'), ('signal', 'Signal'), ('pgp', 'PGP key fingerprint'), ('bluesky', 'Bluesky'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('linkedin', 'LinkedIn'), ('mastodon', 'Mastodon'), ('telegram', 'Telegram'), ('x', 'X'), ('youtube', 'YouTube')], max_length=12, verbose_name='kind')),
                ('value', models.CharField(max_length=500, verbose_name='address or number')),
                ('audience', models.CharField(choices=[('network', 'Everyone in the network'), ('secretariat', 'Secretariat only')], default='secretariat', max_length=12, verbose_name='who may read it')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='organisations.organisation')),
            ],
            options={
                'ordering': ('kind', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='AllianceMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True, verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='organisations.alliance')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alliance_memberships', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('alliance', 'organisation'), name='one_running_membership')],
            },
        ),
        migrations.CreateModel(
            name='ProfileChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('field', models.CharField(max_length=60)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='organisations.organisation')),
            ],
            options={
                'ordering': ('-version', 'pk'),
                'indexes': [models.Index(fields=['organisation', '-version'], name='profile_history')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('candidate', 'Candidate'), ('interim', 'Interim member'), ('full', 'Full member'), ('suspended', 'Suspended'), ('former', 'Former member'), ('partner', 'Partner')], max_length=12, verbose_name='standing')),
                ('since', models.DateField(blank=True, null=True, verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='organisations.organisation')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': (models.OrderBy(models.F('since'), nulls_first=True), 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('since__isnull', True), ('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='a_standing_ends_after_it_starts'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('organisation_id'), models.F('organisation_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('since'), models.F('until'), function='daterange'), '&&')], name='one_standing_at_a_time')],
            },
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fields=['languages'], name='organisation_languages'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['region', 'name_sort'], name='organisation_region'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['country', 'name_sort'], name='organisation_country'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='an_organisation_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='country_is_an_iso_code'),
        ),
    ]
