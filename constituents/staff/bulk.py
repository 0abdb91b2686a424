"""What the list of people does to all results: tag, put on a list, set a field, follow up, export, labels, letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from accounts.models import User
from constituents.documents import SHEETS, labels, letter
from constituents.models import Constituent, CustomField, FollowUpKind, SegmentSnapshot, SegmentSnapshotMember, Tag
from constituents.services.addresses import addresses_on
from constituents.services.custom_fields import set_values
from constituents.services.letters import FIELDS, check_letter, fill_letter, paragraphs_of
from constituents.services.segments import make_list, put_on_list
from constituents.services.tagging import people_by_key, tag_many, untag_many
from constituents.staff.people import constituent_viewset
from constituents.work.follow_ups import add_follow_up
from core import audit, clock
from core.documents import bind
from core.exports import write
from core.staff.bulk_all import ActsOnAll, Done
from core.staff.refusals import REFUSALS, explain
from core.theme.figures import day_in_words

EXPORT = "constituents.export_constituent"


class TagForm(forms.Form):
    """Which tag."""

    tag = forms.ModelChoiceField(label=_("Tag"), queryset=Tag.objects.all())


class OnPeople(ActsOnAll):
    """Something done to people."""

    viewset = constituent_viewset

    @classmethod
    def rows(cls, keys: Sequence[int]) -> QuerySet[Constituent]:
        """Those still on record."""
        return Constituent.objects.current().filter(pk__in=keys)


class AddTag(OnPeople):
    """Put a tag on them."""

    action_type, display_name = "tag", _("Add a tag")
    question = _("Put a tag on all of them?")
    explanation = _("Those who have it already stay as they are. This can be undone.")
    form_class = TagForm
    can_undo = True

    @classmethod
    def act(cls, rows: Sequence[Constituent], *, by: Any, tag: Tag) -> Done:  # type: ignore[override]
        """Only who did not have it changes."""
        return Done(tag_many(rows, tag=tag, by=by))

    @classmethod
    def undo(cls, keys: Sequence[int], *, by: Any, tag: Tag) -> None:  # type: ignore[override]
        """Take it from those who got it."""
        untag_many(people_by_key(keys), tag=tag, by=by)


class RemoveTag(OnPeople):
    """Take a tag from them."""

    action_type, display_name = "untag", _("Remove a tag")
    question = _("Take a tag from all of them?")
    explanation = _("Those who do not have it stay as they are. This can be undone.")
    form_class = TagForm
    can_undo = True

    @classmethod
    def act(cls, rows: Sequence[Constituent], *, by: Any, tag: Tag) -> Done:  # type: ignore[override]
        """Only who had it changes."""
        return Done(untag_many(rows, tag=tag, by=by))

    @classmethod
    def undo(cls, keys: Sequence[int], *, by: Any, tag: Tag) -> None:  # type: ignore[override]
        """Put it back on those who lost it."""
        tag_many(people_by_key(keys), tag=tag, by=by)


class ListForm(forms.Form):
    """A list there is, or a new one."""

    onto = forms.ModelChoiceField(
        label=_("List"), queryset=SegmentSnapshot.objects.all(), required=False, empty_label=_("A new list")
    )
    name = forms.CharField(label=_("Name of the new list"), max_length=160, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or {}
        if not cleaned.get("onto") and not cleaned.get("name"):
            self.add_error("name", _("Name the new list, or choose one there is."))
        return cleaned


class AddToList(OnPeople):
    """Put them on a list."""

    action_type, display_name = "list", _("Put on a list")
    permission = "constituents.add_segmentsnapshot"
    question = _("Put all of them on a list?")
    explanation = _("A list stays as it is until you add to it: for an appeal, a campaign, an evening.")
    form_class = ListForm
    can_undo = True

    @classmethod
    def act(  # type: ignore[override]
        cls, rows: Sequence[Constituent], *, by: Any, onto: SegmentSnapshot | None, name: str
    ) -> Done:
        """Only who is not on it yet is added."""
        people = Constituent.objects.filter(pk__in=[person.pk for person in rows])
        taken = onto or SegmentSnapshot.objects.filter(name=name, taken_by=by, segment=None).first()
        if taken is None:
            taken = make_list(by=by, name=name, people=people.none())
        new = list(people.exclude(listed_in_snapshots__snapshot=taken).values_list("pk", flat=True))
        put_on_list(taken, people)
        audit.record("list.extended", taken, by=by, new={"added": len(new)})
        return Done(new)

    @classmethod
    def undo(  # type: ignore[override]
        cls, keys: Sequence[int], *, by: Any, onto: SegmentSnapshot | None, name: str
    ) -> None:
        """Take off those who were added."""
        taken = onto or SegmentSnapshot.objects.filter(name=name, taken_by=by, segment=None).first()
        if taken is not None:
            SegmentSnapshotMember.objects.filter(snapshot=taken, constituent__in=keys).delete()
            taken.count = taken.listed.count()
            taken.save(update_fields=["count"])


class FieldForm(forms.Form):
    """Which custom field, and what it is to hold."""

    field = forms.ModelChoiceField(
        label=_("Field"), queryset=CustomField.objects.active().filter(is_sensitive=False), to_field_name="key"
    )
    value = forms.CharField(
        label=_("Value"), max_length=255, required=False, help_text=_("Empty: take the value away. Dates: 2026-03-31.")
    )


class SetField(OnPeople):
    """Set a custom field."""

    action_type, display_name = "set_field", _("Set a field")
    question = _("Set a custom field of all of them?")
    explanation = _("What the field held before stands in each record’s history.")
    form_class = FieldForm

    @classmethod
    def act(  # type: ignore[override]
        cls, rows: Sequence[Constituent], *, by: Any, field: CustomField, value: str
    ) -> Done:
        """One record after the other; those the field is not for are named."""
        done = Done()
        for person in rows:
            try:
                with transaction.atomic():
                    if set_values(person, {field.key: value}, by=by):
                        done.changed.append(person.pk)
            except REFUSALS as error:
                done.refused.append(f"{person}: {explain(error)}")
        return done


class FollowUpManyForm(forms.Form):
    """What, by when, by whom."""

    kind = forms.ChoiceField(label=_("What"), choices=FollowUpKind.choices)
    subject = forms.CharField(label=_("In one line"), max_length=255)
    due_on = forms.DateField(label=_("By"), widget=AdminDateInput, initial=clock.today)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.filter(is_active=True, groups__isnull=False))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.queryset = owner.queryset.distinct()  # type: ignore[attr-defined]


class AssignFollowUp(OnPeople):
    """A follow-up for each of them."""

    action_type, display_name = "follow_up", _("Assign a follow-up")
    permission = "constituents.add_followup"
    question = _("Give somebody a follow-up for each of them?")
    form_class = FollowUpManyForm

    @classmethod
    def act(cls, rows: Sequence[Constituent], *, by: Any, **cleaned: Any) -> Done:
        """One each."""
        done = Done()
        for person in rows:
            add_follow_up(constituent=person, by=by, **cleaned)
            done.changed.append(person.pk)
        return done


class ExportForm(forms.Form):
    """In which format."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", _("Spreadsheet (XLSX)")), ("csv", "CSV"), ("json", "JSON")]
    )


class ExportPeople(OnPeople):
    """A file of them, with where to write to."""

    action_type, display_name = "export", _("Export")
    permission = EXPORT
    question = _("Make a file of all of them?")
    explanation = _("Names, e-mail, telephone and the address to write to today. The export is written down.")
    form_class = ExportForm
    makes_file = True

    @classmethod
    def file_name(cls, *, format: str) -> str:  # type: ignore[override]
        """By the day."""
        return f"people-{clock.today().isoformat()}.{format}"

    @classmethod
    def write(cls, rows: QuerySet[Constituent], out: BinaryIO, *, by: Any, format: str) -> int:  # type: ignore[override]
        """By the one safe writer."""
        return write(format, _contact_rows(rows), [str(column) for column in _COLUMNS], out)


_COLUMNS = (
    _("Id"), _("Kind"), _("Name"), _("Title"), _("First name"), _("Last name"), _("Household"), _("E-mail"),
    _("Telephone"), _("Street"), _("Second line"), _("Town"), _("State or region"), _("Postal code"), _("Country"),
)  # fmt: skip
_PARTS = ("street", "extra", "city", "region", "postal_code")


def _contact_rows(people: QuerySet[Constituent]) -> Iterator[list[Any]]:
    for chunk in _in_chunks(people.order_by("sort_name", "pk")):
        addresses = addresses_on(Constituent.objects.filter(pk__in=[person.pk for person in chunk]), clock.today())
        for person in chunk:
            address = addresses.get(person.pk)
            where = [getattr(address, part) for part in _PARTS] if address else [""] * len(_PARTS)
            yield [
                str(person.uuid), person.get_kind_display(), person.full_name, person.title, person.given_name,
                person.family_name, str(person.household or ""), person.primary_email, person.primary_phone,
                *where, str(address.country) if address else "",
            ]  # fmt: skip


def _in_chunks(people: QuerySet[Constituent]) -> Iterator[list[Constituent]]:
    keys = list(people.values_list("pk", flat=True))
    for start in range(0, len(keys), 1_000):
        some = keys[start : start + 1_000]
        found = Constituent.objects.for_list().in_bulk(some)
        yield [found[key] for key in some if key in found]


class LabelsForm(forms.Form):
    """Which sheet."""

    sheet = forms.ChoiceField(label=_("Sheet"), choices=[(key, sheet.name) for key, sheet in SHEETS.items()])
    skip = forms.IntegerField(
        label=_("Labels used up on the first sheet"), min_value=0, max_value=29, initial=0, required=False
    )


def _addressed(people: QuerySet[Constituent]) -> Iterator[tuple[Constituent, list[str]]]:
    """Return who can be written to, with the lines of the envelope, in postal order."""
    on = clock.today()
    found = []
    for chunk in _in_chunks(people.filter(is_deceased=False, do_not_contact=False)):
        addresses = addresses_on(Constituent.objects.filter(pk__in=[person.pk for person in chunk]), on)
        found += [(person, addresses[person.pk]) for person in chunk if person.pk in addresses]
    found.sort(key=lambda pair: (str(pair[1].country), pair[1].postal_code, pair[0].sort_name, pair[0].pk))
    for person, address in found:
        yield person, [person.formal_name, *address.envelope_lines]


class PrintLabels(OnPeople):
    """Address labels."""

    action_type, display_name = "labels", _("Address labels")
    permission = EXPORT
    question = _("Make address labels for all of them?")
    explanation = _(
        "In postal order. Left out are those without an address to use today, the deceased, and who asked not to be "
        "contacted."
    )
    form_class = LabelsForm
    makes_file = True
    most = 20_000

    @classmethod
    def file_name(cls, **cleaned: Any) -> str:
        """By the day."""
        return f"labels-{clock.today().isoformat()}.pdf"

    @classmethod
    def write(  # type: ignore[override]
        cls, rows: QuerySet[Constituent], out: BinaryIO, *, by: Any, sheet: str, skip: int | None
    ) -> int:
        """One label each."""
        addressed = [lines for _person, lines in _addressed(rows)]
        out.write(labels(addressed, sheet=SHEETS[sheet], skip=skip or 0))
        return len(addressed)


class LetterForm(forms.Form):
    """The words of a letter."""

    subject = forms.CharField(label=_("Name of the letter"), max_length=80, help_text=_("For the file; not printed."))
    words = forms.CharField(
        label=_("Letter"),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=20_000,
        initial=_("Dear {first_name},\n\n\n\nYours sincerely,"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = "; ".join(f"{{{name}}} {label}" for name, (label, _value) in FIELDS.items())
        self.fields["words"].help_text = _("An empty line begins a paragraph. Put in: %(fields)s") % {"fields": known}

    def clean_words(self) -> str:
        """Every field must be one there is."""
        words = self.cleaned_data["words"]
        check_letter(words)
        if not paragraphs_of(words):
            raise ValidationError(_("Write something."))
        return words


class WriteLetters(OnPeople):
    """A letter to each of them."""

    action_type, display_name = "letters", _("Letters")
    permission = EXPORT
    question = _("Write a letter to all of them?")
    explanation = PrintLabels.explanation
    form_class = LetterForm
    makes_file = True
    at_once = 25
    most = 5_000

    @classmethod
    def file_name(cls, *, subject: str, words: str) -> str:  # type: ignore[override]
        """By its name."""
        return f"{slugify(subject) or 'letter'}-{clock.today().isoformat()}.pdf"

    @classmethod
    def write(  # type: ignore[override]
        cls, rows: QuerySet[Constituent], out: BinaryIO, *, by: Any, subject: str, words: str
    ) -> int:
        """One PDF in postal order."""
        made = []
        today = day_in_words(clock.today(), "medium")
        for person, lines in _addressed(rows):
            paragraphs = paragraphs_of(fill_letter(words, person))
            made.append(letter(address=lines, date=today, paragraphs=paragraphs, language=person.language or "en"))
        if not made:
            made.append(letter(address=[], date=today, paragraphs=[str(_("Nobody with an address."))]))
            bind(made, out)
            return 0
        bind(made, out)
        return len(made)


ACTIONS = (
    AddTag,
    RemoveTag,
    AddToList,
    SetField,
    AssignFollowUp,
    ExportPeople,
    PrintLabels,
    WriteLetters,
)
