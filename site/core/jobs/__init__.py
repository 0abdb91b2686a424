"""Work done beside the web: with progress, safe to run twice, able to go on after a kill.

    @job(kind="receipts.yearly")
    def issue_yearly(progress: Progress, *, year: int) -> dict[str, str]:
        progress.total(donors.count())
        for chunk in chunks(donors.after(progress.saved.get("donor", 0))):
            with transaction.atomic():
                ...
                progress.checkpoint({"donor": chunk[-1].pk}, advance=len(chunk))
        return {"message": "...", "url": "..."}

    enqueue(issue_yearly, key=f"receipts-{year}", label=_("Receipts for 2026"), by=user, year=2026)

`enqueue` writes in the caller's transaction: if that is rolled back there is no job. The same key is the same job.
What a job commits together with its checkpoint is done once, whatever is killed in between. A dict it returns may hold
a `message` and the `url` of what it made, for the staff page. A small piece of work that needs no progress is a plain
task (`from django_tasks import task`); the worker tries it again when it fails. What the clock causes is registered
with `core.jobs.schedule`.
"""

from core.jobs.errors import JobCancelled, JobFailed
from core.jobs.kinds import job
from core.jobs.models import Job
from core.jobs.progress import Progress
from core.jobs.running import cancel, enqueue, try_again

__all__ = ["Job", "JobCancelled", "JobFailed", "Progress", "cancel", "enqueue", "job", "try_again"]
