"""Relationships: seen, added, corrected, ended from either side's page; and the types an administrator keeps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from constituents.contact_forms import EndForm, RelationshipDetailsForm, RelationshipForm
from constituents.models import Constituent, Relationship, RelationshipType
from constituents.services import relationships
from constituents.staff.one_part import OnePartView
from core import clock
from core.staff.columns import StatusChipColumn
from core.staff.menu import Area
from core.staff.verbs import ReasonForm, VerbView
from core.staff.viewsets import StaffViewSet

_SEEN = "relationships_seen"


def relationships_of(constituent: Constituent) -> dict[str, Any]:
    """Return the panel: those that hold first, then those that ended; each as seen from this side.

    The head of the page asks too: the record remembers the answer.
    """
    if not hasattr(constituent, _SEEN):
        setattr(constituent, _SEEN, _seen_from(constituent))
    return {"relationships": getattr(constituent, _SEEN)}


def _seen_from(constituent: Constituent) -> list[dict[str, Any]]:
    today = clock.today()
    rows = Relationship.objects.of(constituent.pk).select_related("type", "first", "second")
    seen: list[dict[str, Any]] = []
    for row in rows:
        is_first = row.first_id == constituent.pk
        ended = bool(row.until and row.until < today)
        seen.append(
            {
                "row": row,
                "other": row.second if is_first else row.first,
                "word": row.type.second_is if is_first else row.type.first_is,
                "manages": row.may_manage and not ended and is_first,
                "is_managed": row.may_manage and not ended and not is_first,
                "ended": ended,
            }
        )
    seen.sort(key=lambda line: (line["ended"], not line["row"].is_primary))
    return seen


class AddRelationshipView(VerbView):
    """Put a relationship on record."""

    offered = False
    verb = staticmethod(relationships.relate)
    title = _("Add relationship")
    question = _("Who is close to %(object)s?")
    icon = "link"
    form_class = RelationshipForm
    success_message = _("The relationship is on record, on both pages.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form say the words from this side."""
        return super().get_form_kwargs() | {"constituent": self.object}

    def run(self, form: Any) -> Any:
        """Call the service with the side this constituent is on."""
        return relationships.relate(self.object, by=self.acting, **form.arguments())


class RelationshipView(OnePartView):
    """A verb about one of the constituent's relationships."""

    def parts(self) -> QuerySet[Any]:
        """Return the constituent's relationships, on whichever side."""
        return Relationship.objects.of(self.constituent.pk).select_related("type", "first", "second")

    @cached_property
    def part(self) -> Relationship:
        """The relationship."""
        return super().part


class ChangeRelationshipView(RelationshipView):
    """Correct it."""

    verb = staticmethod(relationships.change_relationship)
    title = _("Correct")
    question = _("%(part)s")
    icon = "edit"
    submit_label = _("Save")
    form_class = RelationshipDetailsForm
    success_message = _("The relationship is corrected.")

    def get_initial(self) -> dict[str, Any]:
        """Begin with what is on record."""
        return RelationshipDetailsForm.of(self.part)


class EndRelationshipView(RelationshipView):
    """End it; it stays in the history."""

    verb = staticmethod(relationships.end_relationship)
    title = _("End")
    question = _("%(part)s: when did it end?")
    explanation = _("It stays on both pages as something of the past. Nobody acts for anybody through it any more.")
    form_class = EndForm
    success_message = _("The relationship has ended.")


class RemoveRelationshipView(RelationshipView):
    """Take back what was never so."""

    verb = staticmethod(relationships.remove_relationship)
    title = _("Remove")
    question = _("%(part)s: was it never so?")
    explanation = _("It goes from both pages. If it only came to an end, end it instead.")
    danger = True
    form_class = ReasonForm
    success_message = _("The relationship is off the record.")


VERBS = {
    "relate": AddRelationshipView,
    "change-relationship": ChangeRelationshipView,
    "end-relationship": EndRelationshipView,
    "remove-relationship": RemoveRelationshipView,
}


class RelationshipTypeViewSet(StaffViewSet):
    """The types of relationship that are offered."""

    model = RelationshipType
    icon = "link"
    menu_label = _("Relationship types")
    menu_area = Area.SETTINGS
    menu_order = 220
    list_display = [
        "first_is",
        "second_is",
        StatusChipColumn("first_kind", label=_("The one may be")),
        StatusChipColumn("second_kind", label=_("The other may be")),
        "is_active",
    ]
    search_fields = ["first_is", "second_is"]
    panels = [
        FieldRowPanel([FieldPanel("first_is"), FieldPanel("second_is")]),
        FieldPanel("is_symmetric"),
        FieldRowPanel([FieldPanel("first_kind"), FieldPanel("second_kind")]),
        FieldPanel("is_affiliation"),
        FieldRowPanel([FieldPanel("is_active"), FieldPanel("position")]),
    ]
    empty_message = _("A type says how two stand to each other, in the words of each: “Mentor” and “Apprentice”.")
