# Kaishu: everything a day needs.  GNU make 4, git and Python 3.11 or newer are enough.
#
#   make run     make the environment, build the demo city on first start, serve it
#   make test    the whole suite
#   make test-spark  rules on a real Apache Spark (installs it; needs Java 17)
#   make check   formatting, linting, types, import rules, architecture
#   make bench   benchmarks, printed as ratios
#   make docs    write the reference pages in docs/ again
#   make lock    resolve the dependencies again
#   make clean   remove the environment and what was made; the home folder stays
#
# HOST, PORT and KAISHU_HOME pass through: make run PORT=9000 KAISHU_HOME=/srv/kaishu

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-spark check format docs bench lock clean

UV_VERSION := 0.13.8
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
WORKERS ?= auto
COMPILE := --quiet --generate-hashes --universal --python-version 3.11 --no-header

ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
endif

help:
	@sed -n 's/^#   //p' Makefile

run: $(VENV)/.installed
	@exec $(BIN)/kaishu serve --demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

test-spark: $(VENV)/.installed-spark
	$(BIN)/python -m pytest -n 0 -m spark tests/quality/engines $(ARGS)

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_architecture.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.installed
	$(BIN)/python docs/reference.py

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.tools
	$(UV) pip compile pyproject.toml $(COMPILE) -o requirements.txt
	$(UV) pip compile pyproject.toml --group dev $(COMPILE) -o requirements-dev.txt
	$(UV) pip compile pyproject.toml --group dev --group bench $(COMPILE) -o requirements-bench.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find kaishu tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.tools: Makefile
	@test -n "$(PYTHON)" || { \
		echo "Kaishu needs Python 3.11 or newer with its venv module, and none was found." >&2; \
		echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make run PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "$(PYTHON) could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@touch $@

# Each set of packages has a mark, so that a second start installs nothing.
$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/.tools
	@echo "Installing Kaishu into $(VENV) (first time: about a minute) ..."
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --compile-bytecode -r requirements.txt
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	@$(BIN)/python -m compileall -q kaishu
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: requirements-bench.txt $(VENV)/.installed-dev
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet -r requirements-bench.txt
	@touch $@

# Not locked with hashes: nobody else needs it, and pyproject.toml pins it.
$(VENV)/.installed-spark: pyproject.toml $(VENV)/.installed-dev
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --constraint requirements-dev.txt --editable '.[spark]'
	@touch $@
