# One command each for what is done all day. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
# Whose law and money a new demo follows: US, GB, CA or DE. Each country has a database of its own.
COUNTRY ?= US
VENV := .venv/bin
# Compiled once for all processes, and kept out of the tree.
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/var/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

.PHONY: setup
setup: ## the virtual environment in .venv with the pinned dependencies; seconds when nothing changed
	@.ci/environment requirements.txt

.PHONY: setup-dev
setup-dev: ## the same, with what tests and checks need
	@.ci/environment requirements-dev.txt

.PHONY: demo
ifneq ($(COUNTRY),US)
demo: export DATABASE_URL ?= sqlite:///$(CURDIR)/var/demo-$(COUNTRY).sqlite3
endif
demo: setup ## a working Steward with demo data on http://127.0.0.1:8000 (PORT=, HOST=, COUNTRY=GB/CA/DE); Ctrl-C stops it
	@DEMO=1 BASE_URL=http://$(HOST):$(PORT) exec $(VENV)/python manage.py demo --host $(HOST) --port $(PORT) --country $(COUNTRY)

.PHONY: run
run: setup ## web, worker and clock on your own data (DATABASE_URL=), for development
	@$(VENV)/python manage.py migrate
	@exec $(VENV)/python manage.py serve --reload --host $(HOST) --port $(PORT)

.PHONY: test
test: ## the whole suite: SQLite, PostgreSQL, browser journeys (ALLOW_MISSING=postgresql,browser)
	@exec .ci/suite

.PHONY: test-fast
test-fast: setup-dev ## SQLite only, no browser, on the database of the run before
	@$(VENV)/python -m pytest -q -n 2 --reuse-db -m "not browser"

.PHONY: check
check: setup-dev ## lint, format, templates, types, import contracts, migrations, deployment settings
	@.ci/check

.PHONY: bench
bench: setup-dev ## how fast it is, beside a bare program doing the same work (DATABASE=postgresql, ONLY=online)
	@exec .ci/bench

.PHONY: sandbox
sandbox: setup-dev ## what the demo plays, asked of Stripe's own sandbox (STRIPE_SECRET_KEY=sk_test_...); needs the network
	@case "$${STRIPE_SECRET_KEY:-}" in sk_test_*|rk_test_*) ;; *) echo "Set STRIPE_SECRET_KEY to a test key of yours: sk_test_..."; exit 2;; esac
	@$(VENV)/python -m pytest -q -s tests/sandbox --sandbox

.PHONY: lock
lock: setup-dev ## compile requirements*.in to pinned hashes for Python 3.11 to 3.13
	@.ci/lock

.PHONY: clean
clean: ## take away the environment, caches and what tests left (not var/, where the data is)
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis var/pycache var/test var/test.sqlite3*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
