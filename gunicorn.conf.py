"""How gunicorn serves Steward: `gunicorn` with no arguments, from anywhere."""

import gc
import multiprocessing
import os
from pathlib import Path

_root = Path(__file__).resolve().parent
chdir = str(_root)
pythonpath = f"{_root},{_root / 'site'}"
wsgi_app = "config.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", multiprocessing.cpu_count() * 2))
worker_class = "gthread"
# As many as may wait for Stripe at once, and some besides: while Stripe hangs, other pages are as fast as ever.
threads = int(os.environ.get("STRIPE_WAITING_AT_ONCE", "8")) + 4
max_requests = 5_000
max_requests_jitter = 500
accesslog = os.environ.get("ACCESS_LOG", "-") or None
# Its control socket would be a file in the home folder.
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """Search no more through all that is loaded for what nobody holds: it stays as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
