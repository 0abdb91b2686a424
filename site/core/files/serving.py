"""The answer that carries a private file, after the view has asked whether this reader may have it."""

from __future__ import annotations

from django.core.files.storage import Storage
from django.http import FileResponse, Http404


def private_file_response(
    storage: Storage, path: str, *, content_type: str, filename: str, show: bool = False
) -> FileResponse:
    """Answer with the file, as a download unless it is ours to `show`. A file that is gone answers 404.

    The browser is told to believe the type, to run nothing, and to keep no copy for others.
    """
    try:
        file = storage.open(path, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=content_type, filename=filename, as_attachment=not show)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600" if show else "private, no-store"
    return response
