# Needs python3.11 or newer with venv, and make; everything else is installed into .venv by the first run.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SCHEMA := policies/purposegate.schema.json

.PHONY: demo test bench bench-quick lint prove schema clean

demo: .venv/run.stamp
	@$(BIN)/python examples/hiring_service.py

test: .venv/dev.stamp
	@$(BIN)/python -m pytest

# Millions of generated uses instead of thousands; minutes, not seconds.
prove: .venv/dev.stamp
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest tests/test_laws.py -p no:randomly

bench: .venv/dev.stamp
	@$(BIN)/python benchmarks/bench.py

bench-quick: .venv/dev.stamp
	@$(BIN)/python benchmarks/bench.py --quick

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/purposegate lint policies/*.yaml examples/*.yaml

schema: .venv/run.stamp
	@$(BIN)/purposegate schema > $(SCHEMA)

clean:
	rm -rf .venv $(SCHEMA)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "purposegate needs python3.11 or newer" >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/run.stamp: pyproject.toml | .venv/bin/python
	@echo "setting up .venv (once)" >&2
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/purposegate schema > $(SCHEMA)
	@touch $@

.venv/dev.stamp: pyproject.toml .venv/run.stamp
	@echo "installing the test tools (once)" >&2
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
