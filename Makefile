# Every target works from nothing: `make install` makes .venv in this checkout, the others call it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV ?= uv
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PIP_NO_INPUT = 1

.PHONY: test-kill test-kill-postgres bench-takeover bench-quick bench-latency test-large help install demo screenshots run test check lint types format bench fuzz servers lock clean
help: ## what the targets do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "crm-logger needs Python 3.11 or newer (make PYTHON=python3.12 …)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made: on Debian, apt install python3-venv"; exit 1; }

# What `make demo` and the service need: the locked packages, nothing for tests.
$(VENV)/.run: requirements.lock setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages into $(VENV) …"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# dkimpy is published as source alone; it is built with the locked setuptools.
$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need into $(VENV) …"
	@$(PIP) install --require-hashes --only-binary :all: --no-binary dkimpy --no-build-isolation -r requirements-dev.lock
	@touch $@

install: $(VENV)/.run $(VENV)/.dev ## .venv with the locked packages and crm-logger in its bin folder

demo: $(VENV)/.run ## the main job on an embedded IMAP server: two timelines, and what was not logged and why
	@$(BIN)/python -m demo

screenshots: $(VENV)/.dev ## pictures of the demo's pages in docs/pictures (needs Chromium: make servers)
	@$(BIN)/python -m demo.screenshots

run: $(VENV)/.run ## the worker, with the settings of config.env
	@$(BIN)/python worker.py

lint: $(VENV)/.dev ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

format: $(VENV)/.dev ## what ruff can mend by itself
	@$(BIN)/ruff check --fix-only . ; $(BIN)/ruff format .

test: lint types ## lint, types and all tests (REQUIRE_SERVERS=1: a missing server is a failure, no skip)
	@$(BIN)/coverage erase
	@$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report= -q
	@$(BIN)/coverage report --include='crm_logger/core/*' --fail-under=100

check: test ## what a commit needs: the same as make test

bench-latency: $(VENV)/.dev ## from EXISTS to the committed row on Dovecot: 1,000 mails, and 200 that come as IDLE starts
	@$(BIN)/python -m benchmarks.latency 1000 200

bench-takeover: $(VENV)/.dev ## how long a mailbox has no leader when a worker dies or stands still (three minutes; needs PostgreSQL)
	@$(BIN)/python -m benchmarks.takeover

bench: $(VENV)/.dev ## how fast, target by target, on a Dovecot of its own (a quarter of an hour); writes benchmarks/report.md
	@$(BIN)/python -m benchmarks

bench-quick: $(VENV)/.dev ## the same in two minutes: fewer mails, rougher figures, no report
	@$(BIN)/python -m benchmarks --quick

fuzz: $(VENV)/.dev ## a million damaged mails and the largest hostile ones: no escaped exception, 20 CPU s and 1 GB a mail at most
	@$(BIN)/python -m tests.hostile.fuzz

test-kill: $(VENV)/.dev ## the worker killed at thousands of points: 0 lost, 0 double, 0 stuck (half an hour on two cores)
	@$(BIN)/python -m tests.kill.matrix

test-kill-postgres: $(VENV)/.dev ## the same with two workers on a PostgreSQL: the leader dies or stands still, the other takes over (half an hour)
	@$(BIN)/python -m tests.kill.pairs

test-large: $(VENV)/.dev ## a mailbox of 150,000 messages on Dovecot: first look, idle look, one new mail, audit; memory flat (about ten minutes)
	@$(BIN)/python -m tests.faults.large

servers: ## the real mail servers, PostgreSQL, the browser and systemd-analyze, which the tests use (root or sudo, apt)
	@command -v dovecot >/dev/null || { $(SUDO) apt-get -q update && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends dovecot-imapd dovecot-lmtpd; }
	@dovecot --version
	@command -v chromium >/dev/null || { $(SUDO) apt-get -q update && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends chromium fonts-dejavu-core; }
	@chromium --version
	@command -v systemd-analyze >/dev/null || { $(SUDO) apt-get -q update && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends systemd; }
	@systemd-analyze --version | head -1
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $(MAKE) -s postgres
	@$(MAKE) -s .servers/courier/usr/bin/imapd

# The tests start a PostgreSQL of their own: the package is told not to make and start one.
.PHONY: postgres
postgres:
	@$(SUDO) apt-get -q update && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends postgresql-common
	@$(SUDO) sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
	@$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends postgresql

# Debian's two IMAP servers exclude each other, so Courier is unpacked and not installed; nothing of it runs by itself.
COURIER := courier-imap courier-authlib libcourier-unicode4 libgamin0 libidn12 libgdbm6
.servers/courier/usr/bin/imapd:
	@mkdir -p .servers/debs
	@cd .servers/debs && { apt-get -q download $(COURIER) || { $(SUDO) apt-get -q update && apt-get -q download $(COURIER); }; }
	@for package in .servers/debs/*.deb; do dpkg -x "$$package" .servers/courier; done
	@rm -r .servers/debs

lock: ## new lock files from setup.cfg (needs uv)
	$(UV) pip compile -q --universal --no-strip-extras --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 --extra demo -o requirements.lock setup.cfg lock.in
	$(UV) pip compile -q --universal --no-strip-extras --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 --extra dev -c requirements.lock -o requirements-dev.lock setup.cfg lock.in

clean: ## away with everything that was made here
	rm -rf $(VENV) demo-data .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
