# SPDX-License-Identifier: Apache-2.0
# `make` shows what there is to call. Nothing but Python 3.11, git and make is needed beforehand.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
HOME_DIR ?= ortaq-data
ARGS ?=
VENV := .venv/bin

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup setup-tests run test check fix bench soak demo docs

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

setup:  ## set up what a node needs: .venv, JavaScript, fonts, translations (run and test do it by themselves)
	@$(PYTHON) tools/setup.py run

setup-tests:
	@$(PYTHON) tools/setup.py test

run: setup  ## serve a node with the sample corpus at http://127.0.0.1:8000 (PORT=… HOME_DIR=… for another place)
	@$(VENV)/python tools/run_node.py --home $(HOME_DIR) --port $(PORT)

test: setup-tests  ## run the whole suite on SQLite, then what uses the database once more on PostgreSQL
	@$(VENV)/python tools/run_tests.py $(ARGS)

check: setup-tests  ## look at format, lint, types, import contracts and layout, in under a minute
	@$(VENV)/python tools/run_checks.py

fix: setup-tests  ## format the code and mend what the linter can mend
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

bench: setup-tests  ## measure import, search, pages and memory against their floors (ARGS=… for one of them)
	@$(VENV)/python -m bench $(ARGS)

soak: setup-tests  ## run the long tests: kill -9 at random moments, growth, endurance
	@$(VENV)/pytest -m soak tests/soak $(ARGS)

demo: setup  ## serve three nodes that exchange, with the sample, at ports 8010 to 8012 and forget them at the end (ARGS=… for more)
	@exec $(VENV)/ortaq demo $(ARGS)

docs: setup-tests  ## write the generated reference pages anew (with CI=true: fail if they differ)
	@$(VENV)/python tools/reference.py
