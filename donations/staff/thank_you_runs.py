"""Letters that were made together: print them, say so, take that back, or throw them away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, TitleColumn

from core import audit, clock
from core.jobs import Job
from core.staff.asked import acting
from core.staff.columns import MomentColumn, NumberColumn, StatusChipColumn
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from donations.models import Gift, PrintState, ThankYouRun
from donations.staff.links import page_of
from donations.staff.thanks_verbs import THANK
from donations.thanks.letters import Writer
from donations.thanks.printing import confirm_printed, discard_run, take_back_printed

TONES = {PrintState.DRAWING: "waiting", PrintState.READY: "waiting", PrintState.PRINTED: "good"}
_SHOWN = 50


@permission_required(THANK)
def run_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the file; each time is written down."""
    run = get_object_or_404(ThankYouRun, pk=pk)
    if not run.file:
        raise Http404
    name = PurePosixPath(str(run.file.name)).name
    audit.record("thanks.run_downloaded", run, by=acting(request), new={"letters": run.letters})
    shown = "show" in request.GET
    response = FileResponse(run.file.open("rb"), as_attachment=not shown, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class RunVerb(VerbView):
    """What the verbs about letters made together have in common."""

    permission = THANK
    in_states: tuple[str, ...] = (PrintState.READY,)

    @classmethod
    def refusal(cls, run: ThankYouRun) -> Any:
        """It depends on how far they are."""
        if run.state in cls.in_states:
            return ""
        return _("These letters are: %(state)s.") % {"state": run.get_state_display().lower()}

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How many."""
        return [(_("Letters"), self.object.letters), (_("Pages"), self.object.pages or "")]


class ConfirmView(RunVerb):
    """They are printed."""

    verb = staticmethod(confirm_printed)
    title = _("They are printed")
    question = _("Are all of these letters printed?")
    explanation = _("Their donors count as thanked by letter from now on. You can take that back.")
    icon = "check"
    priority = 5
    success_message = _("Thank you: everybody on these letters is thanked.")


class TakeBackView(RunVerb):
    """They are not."""

    verb = staticmethod(take_back_printed)
    in_states = (PrintState.PRINTED,)
    title = _("Not printed after all")
    question = _("Take back that these letters are printed?")
    explanation = _("Their donors wait for thanks again, and the letters can be printed once more.")
    icon = "rotate"
    success_message = _("They wait to be printed again.")


class DiscardView(RunVerb):
    """Throw them away."""

    verb = staticmethod(discard_run)
    in_states = (PrintState.DRAWING, PrintState.READY)
    title = _("Discard")
    question = _("Throw these letters away?")
    explanation = _("The file goes, and the gifts wait in the queue as before.")
    icon = "bin"
    danger = True
    priority = 60
    success_message = _("The letters are discarded; their gifts wait for thanks.")


class RunRecordView(RecordView):
    """Letters made together."""

    def subtitle(self) -> str:
        """By whom."""
        return str(self.object.made_by or _("Steward itself"))

    def chips(self) -> Iterable[Chip]:
        """How far they are."""
        yield Chip(self.object.get_state_display(), TONES.get(PrintState(self.object.state), "quiet"))

    def figures(self) -> Iterable[Figure]:
        """How many."""
        run = self.object
        yield Figure(_("Letters"), str(run.letters))
        yield Figure(_("Gifts"), str(sum(len(gifts) for gifts in run.plan)))
        if run.pages:
            yield Figure(_("Pages"), str(run.pages))
        if run.left_out:
            yield Figure(_("Gifts left out"), str(len(run.left_out)))

    def actions(self) -> Iterable[Action]:
        """The file."""
        if self.object.file and self.request.user.has_perm(THANK):
            url = reverse("thank_you_run_file", args=[self.object.pk])
            yield Action(_("Download to print"), url, icon="download", primary=True)
            yield Action(_("Look at them"), f"{url}?show=1", icon="view")

    def panels(self) -> Iterable[Panel]:
        """The letters in the order of the file."""
        if self.object.state == PrintState.DRAWING:
            yield Panel("drawing", "", "wagtailadmin/giving/thanks/drawing.html", _job_of)
        yield Panel(
            "letters", _("In the order of the file"), "wagtailadmin/giving/thanks/run_letters.html", _letters_of
        )

    def side_panels(self) -> Iterable[Panel]:
        """The choices, and what was left out."""
        run = self.object
        facts = [
            (_("Letters"), run.get_together_display(), None),
            (_("Words"), run.template or _("As fits each gift"), None),
            (_("Receipt"), run.get_receipt_display() or _("As the template says"), None),
            (_("Made"), clock.local_date(run.made_at), None),
            (_("Printed or discarded"), clock.local_date(run.settled_at) if run.settled_at else None, None),
            (_("By"), run.settled_by, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        yield Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda _run: {"facts": shown})
        if run.left_out:
            yield Panel("left_out", _("Left out"), "wagtailadmin/giving/thanks/left_out.html", _left_out_of)


def _job_of(run: ThankYouRun) -> dict[str, Any]:
    return {"job": Job.objects.filter(key=f"thanks-{run.uuid}").first()}


def _letters_of(run: ThankYouRun) -> dict[str, Any]:
    writer = Writer(template=run.template)
    letters = writer.letters(run.plan[:_SHOWN], together=run.together, on=clock.local_date(run.made_at))
    rows = [
        {
            "letter": letter,
            "gifts": [(gift, page_of(gift)) for gift in letter.gifts],
            "donor_url": page_of(letter.donor),
        }
        for letter in letters
    ]
    return {"rows": rows, "more": max(0, run.letters - len(rows))}


def _left_out_of(run: ThankYouRun) -> dict[str, Any]:
    shown = [pk for pk, _why in run.left_out[:_SHOWN]]
    gifts = Gift.objects.select_related("donor").in_bulk(shown)
    rows = [(gifts[pk], page_of(gifts[pk]), why) for pk, why in run.left_out[:_SHOWN] if pk in gifts]
    reasons = Counter(why for _pk, why in run.left_out[_SHOWN:])
    return {"rows": rows, "more": sorted(reasons.items())}


class ThankYouRunViewSet(StaffViewSet):
    """All letters of thanks that were made together."""

    model = ThankYouRun
    icon = "doc-full"
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    form_fields = []
    inspect_view_enabled = True
    inspect_view_class = RunRecordView
    select_related = ["made_by", "settled_by", "template"]
    list_display = [
        TitleColumn(
            "__str__", label=_("Letters"), get_url=lambda run: reverse("thank_you_runs:inspect", args=[run.pk])
        ),
        StatusChipColumn("state", tones=TONES),
        NumberColumn("letters"),
        NumberColumn("pages"),
        Column("get_together_display", label=_("Together")),
        Column("made_by", label=_("Made by")),
        MomentColumn("made_at"),
    ]
    list_filter = ["state"]
    ordering = ["-made_at", "-pk"]
    verb_views = {"printed": ConfirmView, "back": TakeBackView, "discard": DiscardView}
    empty_message = _("No letters yet. Tick gifts in the queue of thanks, and print their letters.")
