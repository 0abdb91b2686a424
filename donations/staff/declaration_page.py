"""The page of a Gift Aid declaration: the very words, what was claimed under it, the paper it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required

from core import audit
from core.files import private_file_response, private_storage
from core.staff.asked import acting
from core.staff.parts import Action, Chip, Panel
from core.staff.records import RecordView
from donations.gift_aid.standing import TONES
from donations.models import GiftAidDeclaration
from donations.staff.links import page_of
from donations.staff.only_verbs import OnlyByVerbs
from donations.staff.tones import GIFT_TONES


class DeclarationRecordView(OnlyByVerbs, RecordView):
    """One declaration: the very words, what it covers, what was claimed under it."""

    def subtitle(self) -> Any:
        """What it covers."""
        return self.object.scope

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_standing_display(), TONES[self.object.standing])

    def actions(self) -> Iterable[Action]:
        """The paper."""
        if self.object.evidence:
            yield Action(_("Evidence"), reverse("gift_aid_evidence", args=[self.object.uuid]), icon="download")

    def panels(self) -> Iterable[Panel]:
        """The words and the gifts."""
        return [
            Panel("wording", _("What was agreed"), "wagtailadmin/giving/panels/gift_aid_wording.html", lambda obj: {}),
            Panel("gifts", _("Claimed under it"), "wagtailadmin/giving/panels/gift_aid_claimed.html", _claimed_under),
        ]

    def side_panels(self) -> Iterable[Panel]:
        """The facts."""
        declaration = self.object
        facts = [
            (_("Donor"), declaration.donor, page_of(declaration.donor)),
            (_("Declared on"), declaration.declared_on, None),
            (_("How"), declaration.get_method_display(), None),
            (_("Written record sent on"), declaration.written_record_sent_on, None),
            (_("The gift it came with"), declaration.gift, page_of(declaration.gift) if declaration.gift else None),
            (_("House"), declaration.house or _("missing"), None),
            (_("Postcode"), _("abroad") if declaration.is_abroad else declaration.postcode or _("missing"), None),
            (_("Cancelled from"), declaration.cancelled_from, None),
            (_("Why"), declaration.get_cancel_reason_display(), None),
            (_("Note"), declaration.cancel_note, None),
            (_("Source"), declaration.source, None),
            (_("Recorded by"), declaration.recorded_by, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _claimed_under(declaration: GiftAidDeclaration) -> dict[str, Any]:
    lines = declaration.lines.select_related("gift", "claim").order_by("-gift__received_on", "-pk")[:50]
    return {"lines": [(line, page_of(line.gift), GIFT_TONES.get(line.gift.status, "")) for line in lines]}


@permission_required("donations.view_giftaiddeclaration")
def evidence(request: HttpRequest, uuid: Any) -> FileResponse:
    """Answer with the paper a declaration stands on; each copy taken is on record."""
    declaration = get_object_or_404(GiftAidDeclaration.objects.select_related("donor"), uuid=uuid)
    if not declaration.evidence:
        raise Http404
    answer = private_file_response(
        private_storage(),
        str(declaration.evidence.name),
        content_type=declaration.evidence_type,
        filename=declaration.evidence_name,
    )
    audit.record(
        "gift_aid.downloaded",
        declaration,
        by=acting(request),
        new={"file": declaration.evidence_name},
        about=declaration.donor,
    )
    return answer
