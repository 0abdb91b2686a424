"""What a gift refers to by name: funds and campaigns; an import adds those that are missing, and says so before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Model, ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from core import audit
from core.imports.drafts import Change, Context, Creation, Item, hashed
from core.imports.models import ImportRecord
from core.imports.records import RecordType
from donations.models import Campaign, Fund


class NamedType(RecordType):
    """A record known by its name or its code."""

    model: ClassVar[type[Model]]
    field_labels = {"name": gettext_lazy("Name")}

    def keys(self, item: Item, context: Context) -> list[str]:
        """The name is the key."""
        return [hashed(self.name, fold(item.values["name"]) or item.values["name"])]

    def find(self, items: Sequence[Item], context: Context) -> dict[int, int]:
        """By name or code, whatever the case and accents."""
        return self._find([item.values["name"] for item in items])

    def find_again(self, creations: Sequence[Creation], context: Context) -> dict[int, int]:
        """Somebody may have added it since."""
        return self._find([creation.values["name"] for creation in creations])

    def _find(self, names: Sequence[str]) -> dict[int, int]:
        on_file: dict[str, int] = {}
        for pk, name, code in self.model._default_manager.values_list("pk", "name", "code"):
            on_file.setdefault(fold(name) or name, pk)
            on_file.setdefault(fold(code), pk)
        found = {at: on_file.get(fold(name) or name) for at, name in enumerate(names)}
        return {at: pk for at, pk in found.items() if pk}

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """Their names."""
        rows = self.model._default_manager.filter(pk__in=list(pks)).values_list("pk", "name")
        return {pk: {"name": name} for pk, name in rows}

    def describe(self, state: dict[str, Any]) -> str:
        """The name."""
        return state["name"]

    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """Nothing of it ever changes."""
        return []

    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Add each with a code made from its name."""
        codes = set(self.model._default_manager.values_list("code", flat=True))
        for creation in creations:
            name = creation.values["name"]
            code = _free_code(name, codes)
            codes.add(code)
            made = self._make(name, code)
            made.full_clean()
            made.save()
            creation.record.object_id = made.pk
            audit.record(f"{self.name}.added", made, by=context.by, new={"name": name, "import": context.run.pk})

    def _make(self, name: str, code: str) -> Any:
        return self.model(name=name, code=code)

    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Delete those that nothing refers to."""
        outcome = {}
        for at, record in enumerate(records):
            row = self.model._default_manager.filter(pk=record.object_id).first()
            outcome[at] = ""
            if row is None:
                continue
            label = str(row)
            pk = row.pk
            try:
                row.delete()
            except ProtectedError:
                outcome[at] = _("Gifts refer to it.")
                continue
            row.pk = pk
            audit.record(
                f"{self.name}.removed",
                row,
                by=context.by,
                old={"name": label},
                reason=_("Import undone"),
                deleted=True,
            )
        return outcome


def _free_code(name: str, taken: set[str]) -> str:
    base = slugify(fold(name))[:34].strip("-") or "fund"
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


class FundType(NamedType):
    """A fund."""

    name = "fund"
    label = gettext_lazy("Fund")
    label_plural = gettext_lazy("Funds")
    order = 40
    model = Fund

    def _make(self, name: str, code: str) -> Fund:
        first = not Fund.objects.filter(is_default=True).exists()
        # What an old system called a fund is for staff; they open it to donors when they want to.
        return Fund(name=name, code=code, is_default=first, is_public=first)


class CampaignType(NamedType):
    """A campaign."""

    name = "campaign"
    label = gettext_lazy("Campaign")
    label_plural = gettext_lazy("Campaigns")
    order = 41
    model = Campaign
