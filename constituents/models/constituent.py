"""Constituent: one record of a person or an organisation, with the names and identifiers it goes by."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from constituents.folding import fold
from constituents.models.contact import works_on
from constituents.search.kinds import letters_for
from constituents.search.lookups import looked_up
from constituents.search.matching import matching
from constituents.search.ranking import Found, ranked
from constituents.search.reading import Typed
from constituents.search.spelling import meant_by
from core import clock
from core.fields import WebAddressField
from core.files import private_storage
from core.theme.figures import day_in_words, part_in_words

if TYPE_CHECKING:
    from constituents.models.household import Household
    from constituents.search.kinds import Searcher


class Kind(models.TextChoices):
    """What a constituent is."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class DatePrecision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", _("The day")
    MONTH = "month", _("The month")
    YEAR = "year", _("Only the year")


def photo_path(constituent: Constituent, _filename: str) -> str:
    """Return where a photo is kept; a new name each time, so that no cache shows the one before."""
    return f"photos/{constituent.uuid}/{uuid.uuid4().hex}.jpg"


class Tag(models.Model):
    """A word staff put on constituents to find them again."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#6b7280",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Use a colour such as #1f5f4a."))],
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("under"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ConstituentQuerySet(models.QuerySet["Constituent"]):
    """Questions about constituents, with names from the field."""

    def people(self) -> Self:
        """Only persons."""
        return self.filter(kind=Kind.PERSON)

    def organisations(self) -> Self:
        """Only organisations."""
        return self.filter(kind=Kind.ORGANISATION)

    def current(self) -> Self:
        """Leave out signposts: records merged into another."""
        return self.filter(merged_into__isnull=True)

    def living(self) -> Self:
        """Leave out the deceased."""
        return self.filter(is_deceased=False)

    #: Whose permissions decide by what may be searched; None is Steward itself.
    searcher: Searcher | None = None

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone.searcher = self.searcher
        return clone

    def searched_by(self, user: Searcher | None) -> Self:
        """Let `search` and `ranked` find only by what the user may see: no receipt numbers without seeing giving."""
        clone = self._clone()
        clone.searcher = user
        return clone

    def search(self, text: str) -> Self:
        """Keep whom every word fits: a name in any order or its beginning, a nickname, a part of an e-mail address, a
        telephone number in any format, a postal code, an id. A name nobody has is taken for a misspelt one.
        """
        typed = Typed.read(text, letters_for(self.searcher))
        if not typed.pieces:
            return self.named_exactly(text) if text.strip() else self
        also = looked_up(text, by=self.searcher)
        meant = meant_by(typed.words, using=self.db, unknown_only=True)
        return self.filter(pk__in=matching(typed.roughly(meant), using=self.db, also=also))

    def ranked(self, text: str, limit: int = 20) -> list[Found]:
        """Return the likeliest to be meant by the text, the best first, each with the reason."""
        return ranked(self, text, limit=limit)

    def best_first(self, text: str, limit: int = 60) -> Self:
        """Keep the likeliest to be meant by the text, in that order: for choosing one of them."""
        keys = [found.constituent.pk for found in self.ranked(text, limit=limit)]
        place = models.Case(*(models.When(pk=key, then=at) for at, key in enumerate(keys)), default=limit)
        return self.filter(pk__in=keys).order_by(place)

    def named_exactly(self, text: str) -> Self:
        """Whose name has no letter to search by, such as `?!`."""
        return self.filter(sort_name__in=[text.replace("\x00", "").strip(), fold(text)])

    def with_email(self, address: str) -> Self:
        """Whoever uses this e-mail address."""
        return self.filter(emails__address__iexact=address.strip()).distinct()

    def for_list(self) -> Self:
        """With what a list shows beside each name, in a constant number of queries."""
        return self.prefetch_related("emails", "phones", "tags", "household_memberships__household")


class Constituent(models.Model):
    """A person or an organisation on record."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)

    title = models.CharField(_("title"), max_length=60, blank=True, help_text=_("Dr, Ms, Rev.: as the person uses it."))
    given_name = models.CharField(_("given name"), max_length=255, blank=True)
    middle_name = models.CharField(_("middle name"), max_length=255, blank=True)
    family_name = models.CharField(_("family name"), max_length=255, blank=True)
    suffix = models.CharField(_("suffix"), max_length=60, blank=True, help_text=_("Jr., III, OBE."))
    preferred_name = models.CharField(
        _("preferred name"), max_length=255, blank=True, help_text=_("What friends say; used in informal greetings.")
    )
    former_names = models.CharField(_("former names"), max_length=255, blank=True, help_text=_("Found by search."))
    pronouns = models.CharField(_("pronouns"), max_length=60, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(
        _("birth month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    birth_day = models.PositiveSmallIntegerField(
        _("birth day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    occupation = models.CharField(_("occupation"), max_length=255, blank=True)
    is_deceased = models.BooleanField(_("deceased"), default=False)
    deceased_on = models.DateField(
        _("died on"), null=True, blank=True, help_text=_("The first day it can have been, where the day is not known.")
    )
    deceased_precision = models.CharField(
        _("known of the date of death"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )

    organisation_name = models.CharField(_("organisation name"), max_length=255, blank=True)
    legal_name = models.CharField(_("legal name"), max_length=255, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=64, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
        limit_choices_to={"kind": Kind.ORGANISATION},
    )

    language = models.CharField(_("language"), max_length=8, blank=True, help_text=_("For letters and e-mails."))
    photo = models.FileField(
        _("photo"), storage=private_storage, upload_to=photo_path, max_length=120, blank=True, editable=False
    )
    website = WebAddressField(_("website"), blank=True)
    biography = models.TextField(
        _("about"), blank=True, max_length=2000, help_text=_("In their own words; shown only where they allow it.")
    )
    do_not_contact = models.BooleanField(
        _("do not contact"), default=False, help_text=_("Beats every other preference: nothing is sent.")
    )
    tags = models.ManyToManyField(
        Tag, through="ConstituentTag", verbose_name=_("tags"), blank=True, related_name="constituents"
    )
    source = models.CharField(_("source"), max_length=120, blank=True, help_text=_("How this record came to us."))

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sign-in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="constituent",
        help_text=_("Who signs in to the portal as this constituent."),
    )
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), null=True, blank=True, on_delete=models.PROTECT, related_name="signposts"
    )

    # Kept by `save()`: what lists show and sort by.
    display_name = models.CharField(_("name"), max_length=600, editable=False)
    sort_name = models.CharField(max_length=600, editable=False)

    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ConstituentQuerySet.as_manager()

    class Meta:
        verbose_name = _("constituent")
        verbose_name_plural = _("constituents")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name", "id"]),
            models.Index(fields=["kind", "sort_name"]),
            models.Index(fields=["birth_year", "birth_month", "birth_day"], name="constituents_born"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.ORGANISATION) | ~Q(given_name="", family_name="", preferred_name=""),
                name="constituents_person_has_a_name",
                violation_error_message=_("Give the person at least one name."),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PERSON) | ~Q(organisation_name=""),
                name="constituents_organisation_has_a_name",
                violation_error_message=_("Give the organisation a name."),
            ),
            models.CheckConstraint(
                condition=Q(deceased_on__isnull=True) | Q(is_deceased=True),
                name="constituents_death_date_needs_deceased",
                violation_error_message=_("A date of death needs “deceased” to be set."),
            ),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_month__isnull=False),
                name="constituents_birth_day_needs_month",
                violation_error_message=_("A birth day needs its month."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="constituents_not_merged_into_itself",
                violation_error_message=_("A record cannot be merged into itself."),
            ),
        ]
        permissions = [
            ("export_constituent", _("Can export constituents")),
            ("view_sensitive_constituent", _("Can see sensitive personal details")),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the names that lists show and sort by true to the parts."""
        self.write_names()
        update_fields = kwargs.get("update_fields")
        if update_fields is not None:
            kwargs["update_fields"] = {*update_fields, "display_name", "sort_name", "updated_at"}  # type: ignore[misc]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Refuse a birthday no calendar has."""
        if self.birth_day and self.birth_month:
            try:
                dt.date(self.birth_year or 2000, self.birth_month, self.birth_day)
            except ValueError as error:
                raise ValidationError({"birth_day": _("There is no such day in that month.")}) from error

    def write_names(self) -> None:
        """Write the kept names from the parts; whoever saves rows in bulk calls it first."""
        self.display_name = self.full_name
        self.sort_name = self.sorting_name

    @property
    def stands_as(self) -> Constituent:
        """The record that stands for this one today: itself, or the one it was merged into."""
        return self.merged_into or self

    @cached_property
    def lineage_ids(self) -> list[int]:
        """The keys of all records that stand in this one: its own, and those that were merged into it.

        What happened with them is read by these: audit, consent, issued receipts.
        """
        return [self.pk, *self.signposts.order_by("pk").values_list("pk", flat=True)]

    @property
    def is_person(self) -> bool:
        """Whether this is a person rather than an organisation."""
        return self.kind == Kind.PERSON

    @property
    def full_name(self) -> str:
        """The name in full, without title: `Ann Mary Lee Jr.`, or the organisation's."""
        if not self.is_person:
            return self.organisation_name
        given = self.given_name or self.preferred_name
        return " ".join(part for part in [given, self.middle_name, self.family_name, self.suffix] if part)

    @property
    def formal_name(self) -> str:
        """The name as an envelope has it: `Dr Ann Lee`."""
        return f"{self.title} {self.full_name}".strip() if self.is_person else self.organisation_name

    @property
    def informal_name(self) -> str:
        """What a letter between friends opens with: `Ann`, or the organisation's name."""
        return self.preferred_name or self.given_name or self.family_name or self.organisation_name

    @property
    def sorting_name(self) -> str:
        """The folded name lists are sorted by: family name first for people."""
        if not self.is_person:
            return fold(self.organisation_name) or self.organisation_name
        parts = [self.family_name, self.given_name or self.preferred_name, self.middle_name]
        joined = " ".join(part for part in parts if part)
        return fold(joined) or joined

    @property
    def household(self) -> Household | None:
        """The household the person lives in today; uses prefetched memberships when there are any."""
        for membership in self.household_memberships.all():
            if membership.until is None:
                return membership.household
        return None

    @property
    def born(self) -> str:
        """What is known of the birth date, in words: `4 May 1960`, `May 1960`, `4 May`, `1960`."""
        if not self.birth_month:
            return str(self.birth_year or "")
        # A leap year stands in for one that is not known, so that 29 February can be said.
        day = dt.date(self.birth_year or 2000, self.birth_month, self.birth_day or 1)
        if self.birth_year and self.birth_day:
            return day_in_words(day, "medium")
        if self.birth_year or self.birth_day:
            return part_in_words(day, "yMMMM" if self.birth_year else "MMMMd")
        return day_in_words(day, "LLLL")

    @property
    def died(self) -> str:
        """What is known of the date of death, in words: `4 May 2026`, `May 2026`, `2026`."""
        if self.deceased_on is None:
            return ""
        known = {DatePrecision.YEAR: "y", DatePrecision.MONTH: "yMMMM"}.get(DatePrecision(self.deceased_precision))
        return part_in_words(self.deceased_on, known) if known else day_in_words(self.deceased_on, "medium")

    @property
    def language_name(self) -> str:
        """The language in words, or the code when nobody knows it."""
        try:
            return str(get_language_info(self.language)["name_translated"])
        except KeyError:
            return self.language

    @property
    def primary_email(self) -> str:
        """The e-mail address to use, or an empty string."""
        return next((email.address for email in self._in_order(self.emails.all())), "")

    @property
    def primary_phone(self) -> str:
        """The telephone number to use, or an empty string."""
        return next((phone.number for phone in self._in_order(self.phones.all())), "")

    def _in_order(self, points: Iterable[Any]) -> list[Any]:
        """Return the contact points that work today, the one to use first."""
        today = clock.today()
        working = [point for point in points if works_on(point, today)]
        return sorted(working, key=lambda point: (not point.is_primary, point.pk))


class ConstituentTag(models.Model):
    """A tag on a constituent."""

    constituent = models.ForeignKey(Constituent, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        verbose_name = _("tag on a constituent")
        verbose_name_plural = _("tags on constituents")
        constraints = [
            models.UniqueConstraint(
                fields=["constituent", "tag"],
                name="constituents_tag_once",
                violation_error_message=_("This tag is there already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.constituent}: {self.tag}"


class ExternalId(models.Model):
    """The name another system knows a constituent by, so that a second import finds the same person."""

    constituent = models.ForeignKey(Constituent, on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(_("system"), max_length=60, help_text=_("Such as npsp, civicrm, or the file's name."))
    value = models.CharField(_("id there"), max_length=255)

    class Meta:
        verbose_name = _("external id")
        verbose_name_plural = _("external ids")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "value"],
                name="constituents_external_id_unique",
                violation_error_message=_("Another constituent already has this id from that system."),
            ),
            models.CheckConstraint(
                condition=~Q(value=""),
                name="constituents_external_id_not_empty",
                violation_error_message=_("Write the id."),
            ),
        ]
        indexes = [models.Index(fields=["constituent"])]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"
