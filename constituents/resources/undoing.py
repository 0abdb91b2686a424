"""Taking parties back that an import brought or changed, unless something has happened to them since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from constituents.models import Address, Constituent, CustomValue, EmailAddress, ExternalId, Phone, SearchEntry
from constituents.resources import custom_fields
from constituents.resources.reaching import take_away
from constituents.services.search_text import refresh_search_text
from core import audit
from core.imports.drafts import Context
from core.imports.models import ImportRecord
from core.imports.records import RecordType

# Rows that rooms above keep about every constituent and can make anew: they hold nobody back.
kept_about_everybody: set[str] = {SearchEntry._meta.label}


class RestorableParty(RecordType):
    """A party that is taken back, or given its old values back."""

    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Delete whom the import created, unless they were changed or something else has come to hang on them since."""
        people = Constituent.objects.in_bulk([record.object_id for record in records if record.object_id])
        states = self.states(people, context)
        hanging = what_hangs_on(people)
        outcome, gone = {}, []
        for at, record in enumerate(records):
            pk = record.object_id or 0
            outcome[at] = ""
            if pk not in people:
                continue
            if people[pk].user_id:
                outcome[at] = _("Somebody signs in as this record.")
            elif pk in hanging:
                outcome[at] = hanging[pk]
            elif _comparable(states[pk]) != _comparable(record.state):
                outcome[at] = _("It was changed since.")
            else:
                gone.append(people[pk])
        audit.record_many(
            audit.Draft(
                verb="constituent.removed",
                obj=person,
                by=context.by,
                old={"name": person.display_name},
                reason=_("Import undone"),
                deleted=True,
                label=person.display_name,
            )
            for person in gone
        )
        Constituent.objects.filter(pk__in=[person.pk for person in gone]).delete()
        return outcome

    def restore(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Give fields their old values back and take added contact points away, unless touched since."""
        people = Constituent.objects.in_bulk([record.object_id for record in records if record.object_id])
        outcome = {}
        for at, record in enumerate(records):
            person = people.get(record.object_id or 0)
            outcome[at] = "" if person is None else self._restore_one(person, record, context)
        refresh_search_text(people)
        return outcome

    def _restore_one(self, person: Constituent, record: ImportRecord, context: Context) -> str:
        left, restored = [], {}
        own = [change for change in record.changes if change[0].startswith(custom_fields.PREFIX)]
        left += [self.label_of(path, context.run) for path in custom_fields.take_back(person.pk, own)] if own else []
        for field, old, new in reversed(record.changes):
            if field.startswith(custom_fields.PREFIX):
                continue
            if field in self.several:
                if not take_away(person, field, new):
                    left.append(self.label_of(field, context.run))
            elif _plain(getattr(person, field)) == _plain(new):
                empty = None if person._meta.get_field(field).null else ""
                setattr(person, field, empty if old in ("", None) else old)
                restored[field] = old
            else:
                left.append(self.label_of(field, context.run))
        person.save()
        audit.record(
            "constituent.changed", person, by=context.by, new=restored, reason=_("Import undone"), about=person
        )
        if left:
            return _("Changed since, and left alone: %(fields)s.") % {"fields": ", ".join(dict.fromkeys(left))}
        return ""


def what_hangs_on(pks: Iterable[int]) -> dict[int, str]:
    """Return, for those something else refers to, what that is in words."""
    wanted = list(pks)
    hanging: dict[int, str] = {}
    for relation in Constituent._meta.related_objects:
        model = relation.related_model
        if (
            model in (EmailAddress, Phone, Address, ExternalId, CustomValue)
            or model._meta.label in kept_about_everybody
        ):
            continue
        name = relation.field.name
        rows = model._base_manager.filter(**{f"{name}__in": wanted}).order_by().values_list(name, flat=True)
        for pk in rows.distinct():
            hanging.setdefault(pk, _("%(things)s refer to it.") % {"things": capfirst(model._meta.verbose_name_plural)})
    return hanging


def _comparable(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what a household lends or the order of rows decides."""
    plain = {key: value for key, value in state.items() if value and key not in ("addresses", "own_id", "said", "home")}
    for name in ("emails", "phones", "external_ids"):
        if name in plain:
            plain[name] = sorted(map(list, plain[name]))
    return plain


def _plain(value: Any) -> Any:
    return "" if value is None else value
