"""One form on its way: whether it was done before, and that it is done now."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core.once.models import SentForm

#: The name of the hidden field.
FIELD = "form_token"
#: A page that a browser brings back after longer is a form somebody means to send.
KEPT_FOR = dt.timedelta(days=30)
_DRAWN = "_form_token"
_SIGNER = signing.Signer(salt="core.once")
_BESIDE_THE_POINT = {"csrfmiddlewaretoken", FIELD}


class AlreadySentError(Exception):
    """This form was taken by another request: `Sending.answer` says what came of it."""


class Sending:
    """The form that a request brings. One without a token is done as often as it is sent."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.token = _uuid(request.POST.get(FIELD, "")) if request.method == "POST" else None
        self._earlier: SentForm | None = None

    @property
    def fingerprint(self) -> str:
        """Who sends what, and where; files by name and size."""
        request = self.request
        said = sorted((name, values) for name, values in request.POST.lists() if name not in _BESIDE_THE_POINT)
        files = sorted((name, [(f.name, f.size) for f in files]) for name, files in request.FILES.lists())
        whole = [getattr(request.user, "pk", None), request.get_full_path(), said, files]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()

    def answer(self) -> HttpResponse | None:
        """Lead whoever sent this very form before to what came of it; None when there is nothing yet."""
        self._earlier = earlier = self._row().first()
        if earlier is None or earlier.fingerprint != self.fingerprint:
            return None
        if earlier.goes_to:
            messages.info(self.request, _("This form had been sent already. It was done once."))
        else:
            messages.warning(
                self.request,
                _("This form was sent a moment ago. Look whether it is done before you send it again."),
            )
        return HttpResponseRedirect(earlier.goes_to or self.request.get_full_path())

    def is_another_wish(self) -> bool:
        """Whether `answer` found it done with other words in it: somebody went back and wrote something else."""
        return self._earlier is not None and self._earlier.fingerprint != self.fingerprint

    def begin_anew(self) -> None:
        """Take what the form says now as another form."""
        self.token = uuid.uuid4()
        setattr(self.request, _DRAWN, self.token)

    def claim(self) -> None:
        """Say that the form is being done, in the transaction that does it; wait for whoever is doing it.

        Raises AlreadySentError when it was done meanwhile.
        """
        if self.token is None:
            return
        _row, is_ours = SentForm.objects.get_or_create(pk=self.token, defaults={"fingerprint": self.fingerprint})
        if not is_ours:
            raise AlreadySentError

    def done(self, goes_to: str) -> None:
        """Keep where its sender is led, for whoever sends it again."""
        self._row().update(goes_to=goes_to)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Claim it for what cannot be done in one transaction, as asking Stripe; let go when it fails."""
        self.claim()
        try:
            yield
        except BaseException:
            self.let_go()
            raise

    def let_go(self) -> None:
        """It came to nothing, and may be sent again."""
        self._row().delete()

    def _row(self) -> QuerySet[SentForm]:
        return SentForm.objects.filter(pk=self.token) if self.token else SentForm.objects.none()


def drawn_token(request: HttpRequest) -> str:
    """Return what a form carries: its token, and for whom it was drawn, signed."""
    token = str(_token_of(request))
    return _SIGNER.sign(f"{token}.{request.user.pk}") if _is_somebody(request) else token


def is_of_somebody_else(request: HttpRequest) -> bool:
    """Whether the form was drawn for another user than the one who sends it."""
    whose = _drawn_for(request)
    return bool(whose) and _is_somebody(request) and whose != str(request.user.pk)


def was_drawn_for_somebody(request: HttpRequest) -> bool:
    """Whether somebody was signed in when the form was drawn."""
    return bool(_drawn_for(request))


def _drawn_for(request: HttpRequest) -> str:
    try:
        return _SIGNER.unsign(request.POST.get(FIELD, "")).rpartition(".")[2]
    except signing.BadSignature:
        return ""


def _is_somebody(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _token_of(request: HttpRequest) -> uuid.UUID:
    """The one it came with while it is not done, else a new one."""
    if not hasattr(request, _DRAWN):
        brought = _uuid(request.POST.get(FIELD, "")) if request.method == "POST" else None
        setattr(request, _DRAWN, brought or uuid.uuid4())
    return getattr(request, _DRAWN)


def sent_once(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Do what a form of the view asks once, however often it is sent. A redirect says that it was done.

    For views that do all they do in the database: the whole of it is one transaction.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sending = Sending(request)
        if sending.token is None:
            return view(request, *args, **kwargs)
        if (answer := sending.answer()) is not None:
            return answer
        if sending.is_another_wish():
            sending.begin_anew()
        try:
            with transaction.atomic():
                sending.claim()
                response = view(request, *args, **kwargs)
                if response.status_code == HttpResponseRedirect.status_code:
                    sending.done(response["Location"])
                else:
                    sending.let_go()
                return response
        except AlreadySentError:
            return sending.answer() or HttpResponseRedirect(request.get_full_path())

    return once


def forget_sent_forms(*, now: dt.datetime) -> None:
    """Forget forms that nobody sends again."""
    SentForm.objects.filter(sent_at__lt=now - KEPT_FOR).delete()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.partition(".")[0])
    except ValueError:
        return None
