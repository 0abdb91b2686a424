"""The staff pages of core.jobs: who sees what, the bar that fills by itself, the button that stops."""

import pytest
from django.urls import reverse

from core.jobs import Job, enqueue
from tests.core.test_jobs import refuse, write_lines
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_the_list_takes_the_same_queries_however_long(staff_client, assert_constant_queries):
    client = staff_client()

    def more(times):
        for _number in range(times):
            key = f"job{Job.objects.count()}"
            enqueue(write_lines, key=key, label=f"Lines {key}", by=UserFactory(), count=1)

    answer = assert_constant_queries(more, lambda: client.get(reverse("core_jobs")), at_most=15)
    assert "Lines job0" in answer.content.decode()


def test_people_see_the_jobs_they_asked_for_and_no_others(staff_client):
    client = staff_client("Gift processor")
    mine = enqueue(write_lines, key="mine", label="My lines", by=client.user, count=1)
    other = enqueue(write_lines, key="other", label="Other lines", by=UserFactory(), count=1)
    assert client.get(mine.get_absolute_url()).status_code == 200
    answers = [client.get(other.get_absolute_url()), client.post(reverse("core_job_cancel", args=[other.pk]))]
    answers.append(client.get(reverse("core_job", args=[other.pk + 1000])))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    listed = client.get(reverse("core_jobs")).content.decode()
    assert "My lines" in listed
    assert "Other lines" not in listed


def test_a_job_is_stopped_and_tried_again_with_a_button(staff_client):
    client = staff_client()
    asked = enqueue(write_lines, key="mine", label="My lines", by=client.user, count=1)
    client.post(reverse("core_job_cancel", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    client.post(reverse("core_job_again", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == "waiting"


@pytest.mark.parametrize("url", ["https://outside.example/", "//outside.example/", "javascript:alert(1)"])
def test_a_result_leads_to_no_outside_host(staff_client, url):
    client = staff_client()
    job = enqueue(write_lines, key="away", label="Away", by=client.user, count=1)
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=job.created_at, result={"url": url})
    assert "See what it made" not in client.get(job.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_page_of_a_job_follows_it_to_its_end(
    visitors, django_user_model, run_jobs, assert_accessible, device, scheme
):
    user = django_user_model.objects.create_superuser("admin@staff.example", "correct horse battery")
    job = enqueue(write_lines, key="watched", label="Yearly receipts 2026", by=user, count=40)
    page = visitors.open(device, scheme=scheme, user=user)
    page.goto(job.get_absolute_url())
    page.get_by_text("It starts when the work before it is done.").wait_for()
    Job.objects.filter(pk=job.pk).update(state="running", total=40, done=17)
    page.get_by_text("17 of 40").wait_for()
    assert_accessible(page, within="#job")
    Job.objects.filter(pk=job.pk).update(state="waiting", total=None, done=0)
    run_jobs()
    page.get_by_text("40 lines").wait_for()
    assert page.get_by_role("link", name="See what it made").is_visible()
    assert_accessible(page, within="#job")


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_said_in_the_words_of_the_job(staff_client, run_jobs):
    client = staff_client()
    job = enqueue(refuse, key="refuse", label="Refuse", by=client.user)
    run_jobs()
    assert "The file holds no rows." in client.get(job.get_absolute_url()).content.decode()
