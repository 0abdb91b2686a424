"""How a job ends early."""


class JobFailed(Exception):  # noqa: N818  said as it is caught: the job failed
    """Raised by a job to end for good, with a sentence for the person who waits; trying again would not help."""


class JobStopped(Exception):  # noqa: N818  nothing went wrong
    """The job must not go on; what it has not committed is rolled back."""


class JobCancelled(JobStopped):
    """Someone cancelled the job."""


class JobInterrupted(JobStopped):
    """The worker is shutting down; the job goes on from its checkpoint elsewhere."""


class JobLost(JobStopped):
    """Another worker has taken the job over, as this one seemed dead."""
