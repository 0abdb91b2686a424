"""The address Stripe speaks to."""

from __future__ import annotations

import logging

import stripe
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from donations.errors import OnlineGivingOffError, WrongModeError
from donations.stripe import inbox

logger = logging.getLogger("donations.stripe")

# A real event has a few kilobytes.
LARGEST = 512 * 1024


@csrf_exempt  # signed by Stripe instead
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store a signed event and answer at once; what is not signed, stale or of the other mode is refused and logged."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return _refused("too large", status=413)
    try:
        inbox.receive(request.body, request.headers.get("Stripe-Signature", ""))
    except stripe.SignatureVerificationError as error:
        return _refused(str(error.user_message))
    except WrongModeError as error:
        return _refused(str(error))
    except OnlineGivingOffError as error:
        return _refused(str(error), status=503)
    except (ValueError, KeyError) as error:
        return _refused(f"{type(error).__name__}: {error}")
    return HttpResponse(status=200)


def _refused(why: str, *, status: int = 400) -> HttpResponse:
    logger.warning("A message to the webhook was refused: %s", why)
    return HttpResponse(status=status)
