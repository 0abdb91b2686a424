"""Pictures: told by looking, never unpacked when they are too large, and drawn anew before they are shown to anyone.

Drawing anew leaves behind where and when a photo was taken, and whatever was hidden after or inside its pixels.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError

_FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
}
# 50 megapixels: more than a telephone takes, and 150 MB at most once unpacked.
MOST_PIXELS = 50_000_000
MOST_PHOTO_BYTES = 15 * 1024 * 1024
_SIDE = 640


class PictureRefusedError(DomainError):
    """The file is no picture that can be shown; `str(error)` says why and what to do."""


def _opened(file: Any) -> Image.Image:
    """Return the picture, not yet unpacked: only its head is read."""
    file.seek(0)
    with warnings.catch_warnings():
        # Pillow warns at a size of its own; ours is asked right after.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(file, formats=list(_FORMATS))


def is_picture(file: Any) -> tuple[str, str] | None:
    """Return type and extension of a picture of a reasonable size, None for anything else."""
    try:
        picture = _opened(file)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    if picture.width * picture.height > MOST_PIXELS:
        return None
    return _FORMATS[picture.format or ""]


def drawn_anew(file: Any) -> ContentFile:
    """Return a photo as a small JPEG without metadata, upright, fit for a page. Raises PictureRefusedError."""
    if file.size > MOST_PHOTO_BYTES:
        raise PictureRefusedError(_("The photo is larger than 15 MB. Choose a smaller one."))
    if is_picture(file) is None:
        raise PictureRefusedError(_("This is no photo we can show. Choose a JPEG, PNG, GIF or WebP picture."))
    try:
        picture = _opened(file)
        # A JPEG unpacks straight to about the size that is wanted.
        picture.draft("RGB", (_SIDE * 2, _SIDE * 2))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((_SIDE, _SIDE))
        whole = upright.convert("RGBA")
        canvas = Image.new("RGB", whole.size, "white")
        canvas.paste(whole, mask=whole.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureRefusedError(_("The photo is damaged. Choose another one.")) from error
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=85, optimize=True)
    return ContentFile(out.getvalue(), name="photo.jpg")
