"""The words of the forms around one constituent: contact, contact points, relationships, documents, photo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from constituents.models import (
    Constituent,
    ContactKind,
    DocumentKind,
    Interaction,
    InteractionKind,
    Relationship,
    RelationshipType,
)
from constituents.staff.choosers import constituent_chooser
from core import clock

# A form asks for so many more people at once; whoever has more edits the contact again.
_MORE_PEOPLE = 2


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files as a list, each looked at as one file would be."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in given]


def one_constituent(**kwargs: Any) -> forms.ModelChoiceField:
    """Return a field that picks a constituent by anything they are known by."""
    return forms.ModelChoiceField(
        queryset=Constituent.objects.current(), widget=constituent_chooser.widget_class(), **kwargs
    )


class QuickLogForm(forms.Form):
    """Log a contact in one line."""

    kind = forms.ChoiceField(label=_("What"), choices=InteractionKind.choices, initial=InteractionKind.CALL)
    subject = forms.CharField(
        label=_("In one line"), max_length=255, help_text=_("Such as: rang to say thank you, will come in May.")
    )


class InteractionForm(QuickLogForm):
    """Log a contact: what, in one line; and if need be when, with whom else, and what was sent along."""

    at = forms.DateTimeField(
        label=_("When"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: just now.")
    )
    notes = forms.CharField(label=_("More"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    documents = FilesField(
        label=_("Documents"),
        required=False,
        help_text=_("PDF, pictures, Word, Excel or OpenDocument; up to 20 MB each."),
    )

    def __init__(self, *args: Any, near: Iterable[Constituent] = (), chosen: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = {person.pk: person for person in near}
        if self.near:
            self.fields["also_there"] = forms.MultipleChoiceField(
                label=_("With"),
                required=False,
                choices=[(str(pk), str(person)) for pk, person in self.near.items()],
                initial=[str(pk) for pk in chosen],
                widget=forms.CheckboxSelectMultiple,
            )
        for number in range(1, _MORE_PEOPLE + 1):
            self.fields[f"someone_else_{number}"] = one_constituent(
                label=_("And with") if self.near else _("With"), required=False
            )

    def people(self) -> list[Constituent]:
        """Return everyone ticked or picked."""
        ticked = [self.near[int(pk)] for pk in self.cleaned_data.pop("also_there", [])]
        picked = [self.cleaned_data.pop(f"someone_else_{number}", None) for number in range(1, _MORE_PEOPLE + 1)]
        return [*ticked, *(person for person in picked if person)]

    @classmethod
    def of(cls, interaction: Interaction) -> dict[str, Any]:
        """Return what the form begins with when a logged contact is corrected."""
        return {
            "kind": interaction.kind,
            "subject": interaction.subject,
            "at": interaction.at,
            "notes": interaction.notes,
        }


class LetterForm(forms.Form):
    """An e-mail to one person."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("An empty line begins a new paragraph. It goes out in our letterhead and is logged."),
    )


class PointForm(forms.Form):
    """What an e-mail address and a telephone number have in common."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices, initial=ContactKind.HOME)
    use_first = forms.BooleanField(label=_("Use it first"), required=False)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=AdminDateInput)
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=AdminDateInput, help_text=_("The last day it is theirs.")
    )
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120, help_text=_("Where we have it from: “told me on the phone”.")
    )


class EmailForm(PointForm):
    """An e-mail address."""

    address = forms.EmailField(label=_("E-mail"))
    field_order = ["address"]


class PhoneForm(PointForm):
    """A telephone number, kept as typed."""

    number = forms.CharField(label=_("Telephone"), max_length=60, widget=forms.TextInput(attrs={"type": "tel"}))
    field_order = ["number"]


def type_choices(constituent: Constituent) -> Iterator[tuple[str, str]]:
    """Return what another can be to the constituent: the type, the side the constituent is on, and the word."""
    for type in RelationshipType.objects.filter(is_active=True):
        if type.first_kind in ("", constituent.kind):
            yield f"{type.pk}:first", type.second_is
        if not type.is_symmetric and type.second_kind in ("", constituent.kind):
            yield f"{type.pk}:second", type.first_is


class RelationshipDetailsForm(forms.Form):
    """What can be said of a relationship."""

    title = forms.CharField(
        label=_("Title"), required=False, max_length=120, help_text=_("At an organisation: “Head of giving”.")
    )
    since = forms.DateField(label=_("Since"), required=False, widget=AdminDateInput)
    until = forms.DateField(
        label=_("Until"), required=False, widget=AdminDateInput, help_text=_("Empty: it holds today.")
    )
    is_primary = forms.BooleanField(
        label=_("This is the person’s main affiliation"),
        required=False,
        help_text=_("The organisation named beside their name."),
    )
    may_manage = forms.BooleanField(
        label=_("May act for them on the portal"),
        required=False,
        help_text=_("A parent for a child, a treasurer for an organisation: they sign in as themselves and switch."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=255)

    @classmethod
    def of(cls, relationship: Relationship) -> dict[str, Any]:
        """Return what the form begins with."""
        return {name: getattr(relationship, name) for name in cls.base_fields}


class RelationshipForm(RelationshipDetailsForm):
    """Somebody else, and what they are to this constituent."""

    field_order = ["other", "how"]

    def __init__(self, *args: Any, constituent: Constituent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = one_constituent(label=_("Who"))
        self.fields["how"] = forms.ChoiceField(
            label=_("What they are to %(name)s") % {"name": constituent}, choices=list(type_choices(constituent))
        )
        self.order_fields(self.field_order)

    def arguments(self) -> dict[str, Any]:
        """Return what the verb takes."""
        details = dict(self.cleaned_data)
        type_pk, _colon, side = details.pop("how").partition(":")
        return {"type": RelationshipType.objects.get(pk=type_pk), "is_second": side == "second", **details}


class EndForm(forms.Form):
    """The last day."""

    on = forms.DateField(label=_("Last day"), widget=AdminDateInput, initial=clock.today)


class DocumentForm(forms.Form):
    """A file, and what it is."""

    file = forms.FileField(
        label=_("File"), help_text=_("PDF, a picture, Word, Excel, OpenDocument without macros, or text; up to 20 MB.")
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=255, help_text=_("Empty: the name of the file."))
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices, initial=DocumentKind.OTHER)
    note = forms.CharField(label=_("Note"), required=False, max_length=255)


class PhotoForm(forms.Form):
    """A photo."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP. We keep a small copy without the place and time it was taken."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
