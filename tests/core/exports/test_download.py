"""A download needs its permission and leaves a trace that says what went out."""

from __future__ import annotations

import contextlib

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied

from core.audit.models import AuditEntry
from core.exports import ExportError, download_response
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PERMISSION = "core.change_organisation"


@pytest.fixture
def exporter():
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(content_type__app_label="core", codename="change_organisation"))
    return user


def ask(rf, user, **options):
    request = rf.get("/")
    request.user = user
    return download_response(
        request,
        **{
            "name": "Gifts of 2026",
            "columns": ["Donor"],
            "rows": iter([["Ann"], ["=Bob"]]),
            "fmt": "csv",
            "permission": PERMISSION,
            "filter_description": "Fund: Roof",
            **options,
        },
    )


@pytest.mark.parametrize("user", [AnonymousUser, UserFactory])
def test_without_the_permission_nothing_leaves(rf, user) -> None:
    with pytest.raises(PermissionDenied):
        ask(rf, user(), rows=(1 / 0 for _ in "x"))
    assert not AuditEntry.objects.filter(action="export.downloaded").exists()


def test_no_named_permission_means_nobody(rf) -> None:
    with pytest.raises(PermissionDenied):
        ask(rf, UserFactory(is_superuser=True), permission="")


def test_the_trace_says_who_what_filter_and_how_many(rf, exporter) -> None:
    response = ask(rf, exporter)
    with contextlib.closing(response.file_to_stream):
        sent = b"".join(response.streaming_content)
    assert sent == b"Donor\r\nAnn\r\n'=Bob\r\n"
    assert response["Content-Disposition"].startswith('attachment; filename="gifts-of-2026-')
    assert response["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="export.downloaded")
    assert entry.user == exporter
    assert entry.new == {"name": "Gifts of 2026", "format": "csv", "filter": "Fund: Roof", "rows": 2}


def test_a_format_we_do_not_have_leaves_no_trace(rf, exporter) -> None:
    with pytest.raises(ExportError):
        ask(rf, exporter, fmt="exe")
    assert not AuditEntry.objects.filter(action="export.downloaded").exists()
