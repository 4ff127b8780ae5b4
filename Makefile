# Every target makes its own set-up; the first run takes a minute or two, the next ones none.
# Paths are relative throughout: the checkout may lie in a path with spaces.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# The interpreter for .venv: make PYTHON=/path/to/python3.12 venv
PYTHON ?=
# Passed on: make demo ARGS=--once, make test ARGS="-k timeline", make bench B=search BASE=.local/bench-history.jsonl
ARGS ?=
B ?=
BASE ?=
RUNS ?= 20
SEED ?= 1
PY := .venv/bin/python
LOCK := .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
CHECKS := check-ruff check-format check-types check-imports check-migrations check-sql check-schema check-audit

.PHONY: help venv demo test bench faults lint $(CHECKS) format schema lock screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo '  ARGS="..." is passed on to demo, test and bench, B=NAME and BASE=FILE to bench; PYTHON=... picks the interpreter.'

venv: ## the environment alone, in .venv/
	@found='$(PYTHON)'; \
	if [ -z "$$found" ]; then \
		for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
			if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
				found=$$candidate; break; \
			fi; \
		done; \
	fi; \
	if [ -z "$$found" ]; then \
		echo 'Python 3.11 or newer is needed and none was found on PATH. Name one: make PYTHON=/path/to/python3.11' >&2; \
		exit 2; \
	fi; \
	exec "$$found" tracker/local/environment.py requirements-dev.lock

demo: venv ## everything at work on 127.0.0.1:8000; ARGS=--once shows the result and ends
	@TRACKER_STOP_WITH_PARENT=$$PPID exec $(PY) manage.py demo $(ARGS)

test: venv ## the whole test suite, a process a core and one that waits; ARGS goes to pytest
	@exec $(PY) -m pytest -n auto --dist loadfile $(ARGS)

bench: venv ## the benchmarks, or one of them: B=NAME; BASE=FILE compares with an earlier run, ARGS=--scale=full
	@exec $(PY) -m tests.bench $(B) $(if $(BASE),--base '$(BASE)') $(ARGS)

faults: venv ## runs of random mischief with an audit each; RUNS=20 SEED=1
	@exec $(PY) -m tests.faults $(RUNS) $(SEED)

lint: venv ## all static checks: style, types, imports, migrations, API schema, packages
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-ruff:
	$(PY) -m ruff check .

check-format:
	$(PY) -m ruff format --check .

check-types:
	$(PY) -m mypy

check-imports:
	.venv/bin/lint-imports

check-migrations:
	$(PY) manage.py makemigrations --check --dry-run

# New migrations only: what a live system would feel.
check-sql:
	$(PY) -m tests.checks.migrations

# AUDIT=required: an audit that could not be done is an error.
check-audit:
	$(PY) -m tests.checks.packages

check-schema:
	@mkdir -p .local
	$(PY) manage.py spectacular --validate --fail-on-warn --file .local/openapi.yaml
	@diff -u api/openapi.yaml .local/openapi.yaml || { echo 'api/openapi.yaml is not what the code says: make schema' >&2; exit 1; }

format: venv ## rewrite the code in the project's style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

schema: venv ## write api/openapi.yaml anew
	$(PY) manage.py spectacular --validate --fail-on-warn --file api/openapi.yaml

lock: venv ## renew the locks within pyproject.toml's bounds; ARGS=--upgrade takes the newest versions
	$(LOCK) $(ARGS) pyproject.toml --output-file requirements.lock
	$(LOCK) $(ARGS) --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
	$(LOCK) --extra sentry --extra telemetry --constraint requirements-dev.lock pyproject.toml --output-file requirements-observed.lock

screenshots: venv ## take the README's pictures anew (needs Chromium)
	@exec $(PY) -m tests.screenshots $(ARGS)

clean: ## stop the embedded servers; remove caches, the environment and all local data
	@if [ -x $(PY) ]; then $(PY) -m tracker.local stop; for own in .local/test .local/test-*; do TRACKER_LOCAL_DIR=$$own $(PY) -m tracker.local stop; done; fi
	rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
