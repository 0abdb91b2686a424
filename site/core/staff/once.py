"""A form of the workspace that is sent twice is done once: see `core.once`."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.once.sending import AlreadySentError, Sending

# Mixed into Django's and Wagtail's views.
Mixin: Any = object


class SentOnce(Mixin):
    """A form view that calls `self.sending.claim()` in the transaction of what it does, and `.done()` after."""

    @cached_property
    def sending(self) -> Sending:
        """The form that came with the request."""
        return Sending(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or lead to what came of it when it was sent before."""
        if (answer := self.sending.answer()) is not None:
            return answer
        if self.sending.is_another_wish():
            return self._ask_whether_it_is_meant()
        try:
            response = super().post(request, *args, **kwargs)
        except AlreadySentError:
            return self.sending.answer() or self._ask_whether_it_is_meant()
        if response.status_code != HttpResponse.status_code:
            return response
        # Of two that came together the first may be done by now, and be the reason why this one was refused.
        return self.sending.answer() or response

    def _ask_whether_it_is_meant(self) -> HttpResponse:
        """Show what was written after the form had been done: neither lose it nor do it unasked."""
        self.sending.begin_anew()
        form = self.get_form()
        form.is_valid()
        form.add_error(
            None,
            _(
                "This form was sent before with something else in it, and that is done. If what stands here is meant "
                "as well, press the button again."
            ),
        )
        return self.refuse(form)

    def refuse(self, form: BaseForm) -> HttpResponse:
        """Show the form again, with what is wrong."""
        return self.form_invalid(form)
