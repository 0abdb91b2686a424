"""Contact points: the e-mail addresses, telephone numbers and postal addresses of a constituent."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Any, Protocol, Self

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from core.organisation import current_organisation
from core.postal import postal_lines

if TYPE_CHECKING:
    from constituents.models.constituent import Constituent
    from constituents.models.household import Household

# One that has every day.
_LEAP_YEAR = 2028


class ContactKind(models.TextChoices):
    """Where a contact point belongs."""

    HOME = "home", _("Home")
    WORK = "work", _("Work")
    MOBILE = "mobile", _("Mobile")
    OTHER = "other", _("Other")


class ContactPointQuerySet(models.QuerySet[Any]):
    """Questions about e-mail addresses and telephone numbers."""

    def working_on(self, date: dt.date) -> Self:
        """Those that reach the constituent on the date: not known to be bad, and theirs that day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=date),
            Q(valid_until__isnull=True) | Q(valid_until__gte=date),
            is_bad=False,
        )


class Reaches(Protocol):
    """What an e-mail address and a telephone number have in common."""

    pk: Any
    is_primary: bool
    is_bad: bool
    valid_from: dt.date | None
    valid_until: dt.date | None


def works_on(point: Reaches, date: dt.date) -> bool:
    """Return whether the contact point reaches its constituent on the date."""
    if point.is_bad or (point.valid_from and date < point.valid_from):
        return False
    return not (point.valid_until and date > point.valid_until)


def _dates_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lte=models.F("valid_until")),
        name=name,
        violation_error_message=_("It ends before it begins."),
    )


def _bad_since_needs_bad(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(bad_since__isnull=True) | Q(is_bad=True),
        name=name,
        violation_error_message=_("A day since when it fails needs “does not work” to be set."),
    )


class EmailAddress(models.Model):
    """One e-mail address of a constituent."""

    constituent = models.ForeignKey("constituents.Constituent", on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField(_("e-mail"), max_length=254)
    kind = models.CharField(_("kind"), max_length=8, choices=ContactKind, default=ContactKind.HOME)
    is_primary = models.BooleanField(_("use first"), default=False)
    is_bad = models.BooleanField(_("does not work"), default=False)
    bad_since = models.DateField(_("does not work since"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day it is theirs."))
    source = models.CharField(_("source"), max_length=120, blank=True, help_text=_("Where we have it from."))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(
                "constituent",
                Lower("address"),
                name="constituents_email_once",
                violation_error_message=_("This e-mail address is already on the record."),
            ),
            models.UniqueConstraint(
                fields=["constituent"],
                condition=Q(is_primary=True),
                name="constituents_one_primary_email",
                violation_error_message=_("Only one e-mail address can be used first."),
            ),
            _dates_in_order("constituents_email_dates_in_order"),
            _bad_since_needs_bad("constituents_email_bad_since_needs_bad"),
        ]
        indexes = [models.Index(Lower("address"), name="constituents_email_lower")]

    def __str__(self) -> str:
        return self.address


def e164(number: str, region: str) -> str:
    """Return the number in E.164 where it can be read as one of the region, else an empty string."""
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


class Phone(models.Model):
    """One telephone number: kept as typed, and in E.164 where it can be read."""

    constituent = models.ForeignKey("constituents.Constituent", on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("number"), max_length=60)
    e164 = models.CharField(max_length=16, blank=True, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ContactKind, default=ContactKind.HOME)
    is_primary = models.BooleanField(_("use first"), default=False)
    is_bad = models.BooleanField(_("does not work"), default=False)
    bad_since = models.DateField(_("does not work since"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day it is theirs."))
    source = models.CharField(_("source"), max_length=120, blank=True, help_text=_("Where we have it from."))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["constituent", "number"],
                name="constituents_phone_once",
                violation_error_message=_("This number is already on the record."),
            ),
            models.UniqueConstraint(
                fields=["constituent"],
                condition=Q(is_primary=True),
                name="constituents_one_primary_phone",
                violation_error_message=_("Only one telephone number can be used first."),
            ),
            _dates_in_order("constituents_phone_dates_in_order"),
            _bad_since_needs_bad("constituents_phone_bad_since_needs_bad"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def dialled(self) -> str:
        """What a telephone dials: E.164 where it is known, else the digits as typed."""
        return self.e164 or "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


class AddressQuerySet(models.QuerySet["Address"]):
    """Questions about addresses."""

    def usable(self) -> Self:
        """Leave out addresses mail must not go to."""
        return self.filter(do_not_use=False, is_undeliverable=False)

    def valid_on(self, date: dt.date) -> Self:
        """Leave out those that have ended by a date, or begin after it."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=date), Q(valid_until__isnull=True) | Q(valid_until__gte=date)
        )

    def may_be_used_on(self, date: dt.date) -> Self:
        """Those mail may go to on a date, in their season."""
        return self.usable().valid_on(date)

    def first_ones(self) -> Self:
        """Those used first today or from a day to come; one that ended may have been the first of its time."""
        return self.filter(is_primary=True, valid_until__isnull=True)


class Address(models.Model):
    """A postal address of one constituent, or of a household and so of everyone in it."""

    constituent = models.ForeignKey(
        "constituents.Constituent", null=True, blank=True, on_delete=models.CASCADE, related_name="addresses"
    )
    household = models.ForeignKey(
        "constituents.Household", null=True, blank=True, on_delete=models.CASCADE, related_name="addresses"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ContactKind, default=ContactKind.HOME)
    street = models.CharField(_("street"), max_length=255, blank=True)
    extra = models.CharField(_("second line"), max_length=255, blank=True)
    city = models.CharField(_("town"), max_length=120, blank=True)
    region = models.CharField(_("state or region"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = CountryField(_("country"), blank=True)
    is_primary = models.BooleanField(_("use first"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    season_from_month = models.PositiveSmallIntegerField(
        _("season from month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    season_from_day = models.PositiveSmallIntegerField(
        _("season from day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    season_until_month = models.PositiveSmallIntegerField(
        _("season until month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    season_until_day = models.PositiveSmallIntegerField(
        _("season until day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    do_not_use = models.BooleanField(_("do not use"), default=False)
    is_undeliverable = models.BooleanField(_("mail comes back"), default=False)
    undeliverable_since = models.DateField(_("mail comes back since"), null=True, blank=True)
    overrides_household = models.BooleanField(
        _("use it instead of the household’s address"),
        default=False,
        help_text=_("For someone who lives with others but has mail sent elsewhere."),
    )
    source = models.CharField(_("source"), max_length=120, blank=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(constituent__isnull=False, household__isnull=True)
                | Q(constituent__isnull=True, household__isnull=False),
                name="constituents_address_has_one_owner",
                violation_error_message=_("An address belongs to a person, an organisation or a household."),
            ),
            models.UniqueConstraint(
                fields=["constituent"],
                condition=Q(is_primary=True, valid_until__isnull=True, constituent__isnull=False),
                name="constituents_one_primary_address",
                violation_error_message=_("Only one address can be used first."),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_primary=True, valid_until__isnull=True, household__isnull=False),
                name="constituents_one_primary_household_address",
                violation_error_message=_("Only one address of a household can be used first."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=models.F("valid_until")),
                name="constituents_address_dates_in_order",
                violation_error_message=_("The address ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(
                    season_from_month__isnull=True,
                    season_from_day__isnull=True,
                    season_until_month__isnull=True,
                    season_until_day__isnull=True,
                )
                | Q(
                    season_from_month__isnull=False,
                    season_from_day__isnull=False,
                    season_until_month__isnull=False,
                    season_until_day__isnull=False,
                ),
                name="constituents_address_season_whole",
                violation_error_message=_("A season needs both its first and its last day."),
            ),
            models.CheckConstraint(
                condition=Q(overrides_household=False) | Q(constituent__isnull=False),
                name="constituents_address_override_is_personal",
                violation_error_message=_("Only a person’s own address can be used instead of the household’s."),
            ),
            models.CheckConstraint(
                condition=Q(undeliverable_since__isnull=True) | Q(is_undeliverable=True),
                name="constituents_address_returned_since",
                violation_error_message=_("A date since when mail comes back needs “mail comes back” to be set."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.lines)

    def clean(self) -> None:
        """Refuse a season of days that never come, such as 31 November."""
        super().clean()
        for edge in ("from", "until"):
            month, day = getattr(self, f"season_{edge}_month"), getattr(self, f"season_{edge}_day")
            if month in range(1, 13) and day and day > calendar.monthrange(_LEAP_YEAR, month)[1]:
                raise ValidationError({f"season_{edge}_day": _("There is no such day in that month.")})

    @property
    def owner(self) -> Constituent | Household:
        """Whose address it is."""
        return self.constituent or self.household  # type: ignore[return-value]

    @property
    def lines(self) -> list[str]:
        """The address in the order of its own country, as one reads it on a screen, without the name."""
        return postal_lines(self)

    @property
    def envelope_lines(self) -> list[str]:
        """The address as our post office wants it: capitals where asked for, and abroad the country."""
        return postal_lines(self, from_country=str(current_organisation().country))

    @property
    def is_seasonal(self) -> bool:
        """Whether the address is for a part of the year only."""
        return self.season_from_month is not None

    def applies_on(self, date: dt.date) -> bool:
        """Whether mail may go here on the date: valid, wanted, and in season (a season may wrap the year)."""
        if self.do_not_use or self.is_undeliverable:
            return False
        if (self.valid_from and date < self.valid_from) or (self.valid_until and date > self.valid_until):
            return False
        if not self.is_seasonal:
            return True
        start = (self.season_from_month or 1, self.season_from_day or 1)
        end = (self.season_until_month or 12, self.season_until_day or 31)
        day = (date.month, date.day)
        return start <= day <= end if start <= end else day >= start or day <= end
