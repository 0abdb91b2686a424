"""Lists as the API gives them: newest first, a page at a time, with cursors."""

from __future__ import annotations

from typing import Any

from donations.models.demo_stripe import FakeObject
from donations.stripe.fake.problems import missing, wrong
from donations.stripe.fake.routing import ApiRequest
from donations.stripe.fake.store import Thing

PAGE, LONGEST_PAGE = 10, 100


def list_of(data: list[Thing], url: str, *, has_more: bool = False) -> Thing:
    """Return a list object around its members."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def listed(
    request: ApiRequest, kind: str, *, where: dict[str, Any] | None = None, hide: dict[str, Any] | None = None
) -> Thing:
    """Return the page of a kind that the request asks for; `where` and `hide` are lookups into the objects."""
    params = request.params
    rows = FakeObject.objects.filter(kind=kind)
    rows = rows.filter(**{f"data__{name}": value for name, value in (where or {}).items() if value is not None})
    if hide:
        rows = rows.exclude(**{f"data__{name}": value for name, value in hide.items()})
    created = params.get("created")
    if isinstance(created, dict):
        rows = rows.filter(**{f"created__{bound}": instant for bound, instant in created.items()})
    elif created is not None:
        rows = rows.filter(created=created)
    limit = params.get("limit", PAGE)
    if not 1 <= limit <= LONGEST_PAGE:
        raise wrong(f"Invalid limit: must be between 1 and {LONGEST_PAGE}", "limit")
    if before := params.get("ending_before"):
        page = list(rows.filter(pk__gt=_cursor(kind, before, "ending_before")).order_by("pk")[: limit + 1])
        members = page[:limit][::-1]
    else:
        if after := params.get("starting_after"):
            rows = rows.filter(pk__lt=_cursor(kind, after, "starting_after"))
        page = list(rows[: limit + 1])
        members = page[:limit]
    return list_of([row.data for row in members], request.path, has_more=len(page) > limit)


def _cursor(kind: str, stripe_id: str, param: str) -> int:
    pk = FakeObject.objects.filter(kind=kind, stripe_id=stripe_id).values_list("pk", flat=True).first()
    if pk is None:
        raise missing(kind, stripe_id, param=param)
    return pk
