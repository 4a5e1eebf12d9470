# Two commands do everything; each prepares what it needs.
#
#   make site   the environment, Notecast in it, and the demonstration site in public/
#   make test   the environment with the tools for tests, and all checks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: site test lint types layers bench serve clean help

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/' | column -t -s ':'

site: $(VENV)/installed ## Build the demonstration site into public/
	$(BIN)/notecast build
	@echo "Open public/index.html through a server: $(BIN)/python -m http.server -d public 8000"

test: $(VENV)/installed-dev ## Run every check: format, lint, types, layers, tests
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

bench: $(VENV)/installed-dev ## Compare with other generators (long; needs the network and npm)
	$(BIN)/python benchmarks/run.py --notes 1000 --write
	$(BIN)/python benchmarks/run.py --notes 10000 --programs notecast,hugo --repeat 1 --write

lint: $(VENV)/installed-dev ## Format and lint the code in place
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

types: $(VENV)/installed-dev ## Check types alone
	$(BIN)/mypy

layers: $(VENV)/installed-dev ## Check import layers alone
	$(BIN)/lint-imports

clean: ## Remove the environment, the site and the caches
	rm -rf $(VENV) public .notecast .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# A bare Debian has python3 without venv or pip: say what to install, not a traceback.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Notecast needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } || \
	  { echo "Python lacks its venv module. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[search]"
	@touch $@

$(VENV)/installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/installed
