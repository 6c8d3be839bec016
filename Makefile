# make demo    print what the worked book answers (needs Python 3.11 or later, git and make; nothing else)
# make test    linters, types, all tests
# make docs    the documentation, in docs/_build/html
# make bench   the benchmarks, beside their peers from PyPI
# make clean   remove everything that was made here

.DELETE_ON_ERROR:
.PHONY: demo test lint types docs bench clean help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BOOK := books/openai
JOBS := 2

demo: $(VENV)/.core
	@$(BIN)/muniment report $(BOOK)

test: $(VENV)/.dev
	@failed=0; \
	$(BIN)/ruff check . || failed=1; \
	$(BIN)/mypy || failed=1; \
	$(BIN)/python -m pytest -n $(JOBS) || failed=1; \
	exit $$failed

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(VENV)/.bench
	@for script in benchmarks/*.py; do \
	  [ -e "$$script" ] || { echo "no benchmarks in benchmarks/"; exit 0; }; \
	  echo "$$script"; $(BIN)/python "$$script" || exit 1; \
	done

clean:
	rm -rf $(VENV) docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis dist .muniment-cache
	find src tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@sed -n 's/^# make/make/p' Makefile

# The stamps: each is newer than what it was installed from, so nothing is installed twice.

$(VENV)/.made: .ci/make-venv
	@.ci/make-venv $(VENV)
	@touch $@

$(VENV)/.core: pyproject.toml $(VENV)/.made
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.made
	@$(PIP) install --editable '.[dev,scale]'
	@touch $@ $(VENV)/.core

$(VENV)/.bench: pyproject.toml $(VENV)/.made
	@$(PIP) install --editable '.[dev,scale,bench]'
	@touch $@ $(VENV)/.dev $(VENV)/.core

$(VENV)/.docs: pyproject.toml $(VENV)/.made
	@$(PIP) install --editable '.[docs]'
	@touch $@ $(VENV)/.core
