"""An appeal's own address, and the same as a code that telephones read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import qrcode
from django.conf import settings
from django.utils.http import urlencode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathFillImage

from donations.documents.appeal_code import draw_appeal_code
from donations.models import Appeal, Campaign

# Where gifts are made; the room that has the pages says better.
GIVING = "/give/"

_addresses: list[Callable[[Campaign], str]] = []


def register_giving_address(address: Callable[[Campaign], str]) -> None:
    """Have links lead to where one gives to a campaign: `address(campaign)` returns a path, or nothing."""
    if address not in _addresses:
        _addresses.append(address)


def link_of(appeal: Appeal) -> str:
    """Return the address to print and to send: who gives there answers this appeal."""
    found = (address(appeal.campaign) for address in _addresses)
    page = next((path for path in found if path), GIVING)
    return f"{settings.BASE_URL}{page}?{urlencode({'a': appeal.code})}"


def _code(text: str) -> qrcode.QRCode:
    # Medium correction: it is still read off a folded or stained page.
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, box_size=16)
    code.add_data(text)
    code.make(fit=True)
    return code


def qr_svg(text: str) -> bytes:
    """Return the code as a drawing, which prints sharp at any size; dark on white, as readers need it."""
    out = BytesIO()
    _code(text).make_image(image_factory=SvgPathFillImage).save(out)
    return out.getvalue()


def qr_png(text: str) -> bytes:
    """Return the code as a picture, some 600 dots wide: for letters and slides."""
    out = BytesIO()
    _code(text).make_image().save(out, "PNG")
    return out.getvalue()


def qr_pdf(text: str) -> bytes:
    """Return the code as a page of its own, 5 cm wide and sharp at any size: for whoever prints letters and posters."""
    return draw_appeal_code(_code(text).get_matrix(), title=text)
