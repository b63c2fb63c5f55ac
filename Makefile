# Everything runs in .venv, made on first use. `make help` lists what there is.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test lint types verify bench scale soak clean

help:
	@echo "make demo    grade a sample class: good, wrong, broken and hostile submissions"
	@echo "make test    run the tests"
	@echo "make lint    ruff: lint and format"
	@echo "make types   mypy --strict"
	@echo "make verify  prove the assignments"
	@echo "make bench   cost beside nbgrader autograde and beside the floor"
	@echo "make scale   cost with workers, with thousands of submissions, and when nothing has changed"
	@echo "make soak    how often correct training is failed: SOAK=10000 gradings, an hour or more"
	@echo "make clean   remove .venv and results"

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "ohlol needs Python 3.11 or newer; say which with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: .venv/installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/demo.py

test: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest $(PYTEST)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed
	$(BIN)/mypy

verify: .venv/installed
	$(BIN)/ohlol verify
	$(BIN)/ohlol release --check

bench: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/benchmarks/bench.py $(BENCH)

scale: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/benchmarks/scale.py $(SCALE)

soak: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/soak.py $(SOAK)

clean:
	rm -rf .venv demo-results bench-results
