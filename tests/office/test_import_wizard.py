"""The wizard: a file is uploaded, shown as it was understood, compared, run and undone, by those who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.imports.models import ImportRun, ImportState
from core.imports.planning import plan_import
from core.imports.running import run_import
from core.imports.undoing import undo_import
from tests.factories import npsp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    # Nobody has to show a second factor in the demo.
    settings.DEMO = True


def upload(client, text, name="donors.csv"):
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("imports_new"), {"file": file, "mode": "update", "kind": ""}, follow=True)


def test_the_journey_from_upload_to_undo(staff_client):
    client = staff_client()

    page = upload(client, npsp.as_csv(npsp.sample()))
    assert "NPSP Data Import" in page.text
    assert "Row 5; what stands above it is left out" in page.text
    run = ImportRun.objects.get()
    show = reverse("imports_show", args=[run.uuid])

    answers = {"kind": "npsp", "system": "npsp", "mode": "update", "date_order": "mdy"}
    answers |= {f"column_{c['index']}": c["field"] for c in run.recognised["columns"] if c["filled"]}
    page = client.post(reverse("imports_read", args=[run.uuid]), answers, follow=True)
    assert "Comparing with what is on record" in page.text
    run.refresh_from_db()
    plan_import(run)
    run.job.state, run.job.finished_at = "done", run.created_at
    run.job.save()

    preview = client.get(show).text
    assert "What this import would do" in preview
    assert "$30,204.67" in preview
    assert "Margaret Okafor" in preview
    assert "“twenty” is not an amount." in client.get(show, {"tab": "errors"}).text
    assert client.get(reverse("imports_errors", args=[run.uuid])).getvalue().count(b"\n") >= 7

    run_import(run)
    assert "What this import did" in client.get(show).text
    assert "Undo this import" in client.get(show).text
    undo_import(run, by=client.user)
    assert "This import was undone" in client.get(show).text
    assert ImportRun.objects.get().state == ImportState.UNDONE


def test_a_file_that_cannot_be_read_is_refused_on_the_form(staff_client):
    page = upload(staff_client(), "%PDF-1.7", name="letter.pdf")

    assert "This is a PDF file." in page.text
    assert not ImportRun.objects.exists()


def test_only_those_who_may_import_see_imports(staff_client):
    client = staff_client("Fundraiser")

    assert client.get(reverse("imports")).status_code in (302, 403)
    assert client.get(reverse("imports_new")).status_code in (302, 403)
