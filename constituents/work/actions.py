"""What a rule does. Each action runs one verb as Steward itself, with the rule's name as the reason in the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import may_enter_workspace
from constituents.errors import RuleActionError
from constituents.models import ActionKind, AssignTo, Channel, Constituent, Decision, RuleAction, WorkEvent
from constituents.services.preferences import consents_of
from constituents.work.dates import skip_weekend
from constituents.work.follow_ups import add_follow_up
from constituents.work.plans import start_plan
from constituents.work.responsible import Doer, doer_of
from core import audit, clock
from core.mail import send
from core.mail.rendering import absolute_url
from core.organisation import current_organisation


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a rule did, or why it could not, and where to look at it."""

    text: str
    url: str = ""
    refused: bool = False


def act(action: RuleAction, event: WorkEvent, *, reason: str) -> Deed:
    """Do it. Raises RuleActionError, or what the verb raises, when that cannot be."""
    return _ACTIONS[ActionKind(action.kind)](action, event, reason)


def in_words(action: RuleAction) -> str:
    """Return what the action does, as part of a sentence."""
    match action.kind:
        case ActionKind.PLAN:
            return _("start the plan “%(plan)s”") % {"plan": action.plan}
        case ActionKind.TAG:
            return _("put on the tag “%(tag)s”") % {"tag": action.tag}
        case ActionKind.NOTIFY:
            return _("tell %(who)s by e-mail: “%(what)s”") % {"who": who_in_words(action), "what": action.subject}
        case ActionKind.LETTER:
            return _("send them the e-mail “%(what)s”") % {"what": action.subject}
    days = ngettext("due in %(days)d day", "due in %(days)d days", action.days) % {"days": action.days}
    return _("add a follow-up for %(who)s: %(kind)s, “%(what)s”, %(days)s") % {
        "who": who_in_words(action),
        "kind": action.get_follow_up_kind_display(),
        "what": action.subject,
        "days": days,
    }


def who_in_words(action: RuleAction) -> str:
    """Return who does it, as a name."""
    match action.assign_to:
        case AssignTo.PERSON:
            return str(action.person or _("nobody"))
        case AssignTo.TEAM:
            return str(action.team or _("nobody"))
        case AssignTo.STARTER:
            return _("whoever caused it")
    fallback = action.person or action.team
    if fallback is None:
        return _("whoever is responsible")
    return _("whoever is responsible, else %(fallback)s") % {"fallback": fallback}


def why_not_written_to(action: RuleAction, constituent: Constituent) -> str:
    """Return why the constituent must not be sent the action's e-mail; empty when they may."""
    if constituent.is_deceased:
        return _("They have died.")
    if constituent.do_not_contact:
        return _("They asked not to be contacted.")
    if not constituent.primary_email:
        return _("There is no e-mail address that works.")
    if not action.purpose:
        return ""
    consent = consents_of(constituent).get((Channel.EMAIL, action.purpose))
    if consent is None or consent.decision != Decision.GIVEN:
        return _("They have not agreed to e-mail about this: %(purpose)s.") % {"purpose": action.get_purpose_display()}
    return ""


def _add_follow_up(action: RuleAction, event: WorkEvent, reason: str) -> Deed:
    doer = _doer(action, event)
    follow_up = add_follow_up(
        constituent=event.constituent,
        subject=action.subject,
        due_on=skip_weekend(clock.today() + dt.timedelta(days=action.days)),
        kind=action.follow_up_kind,
        note=action.text,
        priority=action.priority,
        owner=doer.owner,
        team=doer.team,
        about=event.about,
        by=None,
        reason=reason,
    )
    words = {"what": follow_up.subject, "who": follow_up.whose or _("nobody yet")}
    return Deed(_("Follow-up “%(what)s” for %(who)s") % words, reverse("follow_ups:edit", args=[follow_up.pk]))


def _start_plan(action: RuleAction, event: WorkEvent, reason: str) -> Deed:
    assert action.plan is not None  # noqa: S101 - a constraint says so
    run = start_plan(action.plan, event.constituent, by=None, starter=_causer(event), about=event.about, reason=reason)
    return Deed(_("Plan “%(plan)s” started") % {"plan": action.plan}, reverse("plan_runs:inspect", args=[run.pk]))


def _put_on_tag(action: RuleAction, event: WorkEvent, reason: str) -> Deed:
    tag, constituent = action.tag, event.constituent
    _tagged, is_new = constituent.tagged.get_or_create(tag=tag)
    if not is_new:
        return Deed(_("The tag “%(tag)s” was there already") % {"tag": tag})
    audit.record("constituent.changed", constituent, by=None, new={"tag": str(tag)}, reason=reason, about=constituent)
    return Deed(_("Tag “%(tag)s” put on") % {"tag": tag})


def _notify(action: RuleAction, event: WorkEvent, reason: str) -> Deed:
    readers = list(_readers(_doer(action, event)))
    if not readers:
        raise RuleActionError(_("There is nobody to tell."))
    for reader in readers:
        send(
            to=reader.email,
            template="work_notice",
            context={
                "reader": reader,
                "subject_line": action.subject,
                "text": action.text,
                "constituent": event.constituent,
                "url": absolute_url(reverse("constituents:inspect", args=[event.constituent_id])),
                "reason": reason,
            },
            about=event.constituent,
        )
    return Deed(_("Told %(who)s") % {"who": ", ".join(str(reader) for reader in readers)})


def _send_letter(action: RuleAction, event: WorkEvent, reason: str) -> Deed:
    constituent = event.constituent
    if why := why_not_written_to(action, constituent):
        raise RuleActionError(why)
    message = send(
        to=constituent.primary_email,
        template="rule_letter",
        context={
            "subject_line": fill(action.subject, constituent),
            "text": fill(action.text, constituent),
            "constituent": constituent,
        },
        about=constituent,
        transactional=not action.purpose,
        language=constituent.language or None,
    )
    return Deed(_("E-mail “%(subject)s” sent to %(address)s") % {"subject": message.subject, "address": message.to})


def fill(text: str, constituent: Constituent) -> str:
    """Return the text with {first_name}, {name} and {organisation} filled in; anything else stands as typed."""
    for word, value in (
        ("{first_name}", constituent.informal_name),
        ("{name}", constituent.display_name),
        ("{organisation}", current_organisation().name),
    ):
        text = text.replace(word, value)
    return text


def _doer(action: RuleAction, event: WorkEvent) -> Doer:
    starter = _causer(event) if action.assign_to == AssignTo.STARTER else None
    return doer_of(action, event.constituent, starter=starter)


def _causer(event: WorkEvent) -> User | None:
    """Whoever caused the event, when that is somebody on the staff and not the supporter."""
    return event.by if event.by is not None and may_enter_workspace(event.by) else None


def _readers(doer: Doer) -> Iterable[User]:
    if doer.owner is not None:
        return [doer.owner]
    return User.objects.filter(is_active=True, groups=doer.team) if doer.team is not None else []


_ACTIONS: dict[ActionKind, Callable[[RuleAction, WorkEvent, str], Deed]] = {
    ActionKind.FOLLOW_UP: _add_follow_up,
    ActionKind.PLAN: _start_plan,
    ActionKind.TAG: _put_on_tag,
    ActionKind.NOTIFY: _notify,
    ActionKind.LETTER: _send_letter,
}
