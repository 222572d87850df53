# Two commands: `make run` and `make test`. Everything else is a part of them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run setup test setup-test lint types contracts kb-lint unit peers gate demo bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

run: setup ## set up if needed, then start API and console on 127.0.0.1:8000
	$(BIN)/hotline serve

setup: $(VENV)/.installed ## virtual environment with pinned dependencies and the console script `hotline`

setup-test: $(VENV)/.installed-test

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version). Call: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing. On Debian/Ubuntu: apt-get install python3-venv"; exit 1; }

# torch first and alone: pinned, so that no dependency pulls the CUDA build behind our back (README: CPU PyTorch).
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[test]'
	@touch $@

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test
	$(BIN)/mypy

contracts: setup-test
	$(BIN)/lint-imports

kb-lint: setup-test
	$(BIN)/python -m routing.kb_lint kb_docs

unit: setup-test ## only the fast tests (no I/O)
	$(BIN)/python -m pytest -q -m "not integration and not e2e"

gate: setup-test ## our own cases and questions against the accepted baseline (evals/data/baseline.json)
	$(BIN)/python -m evals gate

test: lint types contracts kb-lint ## everything: lint, types, contracts, unit, scenario, integration, browser, gate
	$(BIN)/python -m pytest --ignore=tests/e2e
	$(BIN)/python -m pytest tests/e2e
	$(BIN)/python -m evals gate

peers: setup-test ## bring semantic-router beside the environment (it wants an older openai) for `evals run` and `transfer --peer`
	$(BIN)/python -m pip install -q --target var/peers semantic-router==1.1.1

demo: setup ## a desk full of invented tickets (var/demo), then serve it; accounts are printed the first time
	HOTLINE_VAR=var/demo $(BIN)/hotline demo --tickets 300 --if-empty
	HOTLINE_VAR=var/demo $(BIN)/hotline serve

bench: setup-test ## p50/p95 of a proposal in process and over HTTP, beside tf-idf + SVM
	$(BIN)/python -m evals bench

clean: ## remove the environment and caches; var/ (tickets!) is kept
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
