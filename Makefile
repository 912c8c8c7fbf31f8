# Needs python3.11 or newer with venv, and make; everything else is installed into .venv by the first run.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SCHEMA := policies/purposegate.schema.json
SHIPPED := policies/en-japan-video-interview.yaml
NAMES := examples/typed_names/policy_names.py

OTHERS := avaril-cli ethyca-fides privalyse-cli

.PHONY: compare demo test bench bench-quick lint names precision prove prove-ledger prove-trail prove-scan laws mutants fuzz schema clean

demo: .venv/run.stamp
	@$(BIN)/python examples/hiring_service.py

test: .venv/dev.stamp
	@$(BIN)/python -m pytest

# A million generated uses and the whole shipped policy against two other judges; one gate under threads and forks.
prove: .venv/peers.stamp
	@$(BIN)/python proofs/prove.py
	@$(BIN)/python proofs/shared.py

# Processes that write into a ledger, killed and all at once, on SQLite and on PostgreSQL.
prove-ledger: .venv/dev.stamp
	@$(BIN)/python proofs/ledger.py

# Processes that write a trail, killed and all at once.
prove-trail: .venv/dev.stamp
	@$(BIN)/python proofs/trail.py

# Every guard of the examples taken out, every name misspelt and every purpose exchanged: the scan must see it.
prove-scan: .venv/dev.stamp
	@$(BIN)/python proofs/guards.py

# The property tests with thousands of cases instead of a hundred; half an hour.
laws: .venv/dev.stamp
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest tests/test_laws.py tests/test_compiled.py tests/test_fuzz.py -p no:randomly --timeout 0

# Every small change to the judge, the door and the reader that no test notices is a finding; half an hour.
mutants: .venv/mutants.stamp
	@$(BIN)/python proofs/mutants.py

# Bytes that a fuzzer makes up, guided by what the reader does with them.
fuzz: .venv/fuzz.stamp
	@$(BIN)/python proofs/fuzz_reader.py

# How right `purposegate scan` is about the code that it is tested on, by kind of finding.
precision: .venv/dev.stamp
	@$(BIN)/python proofs/precision.py

# What other programs see of the code that `purposegate scan` is tested on; each in a venv of its own, together 1 GB.
compare: .venv/others.stamp
	@$(BIN)/python proofs/others.py

bench: .venv/peers.stamp
	@$(BIN)/python benchmarks/bench.py --peers

bench-quick: .venv/dev.stamp
	@$(BIN)/python benchmarks/bench.py --quick

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/purposegate lint policies/*.yaml examples/*.yaml
	$(BIN)/purposegate test policies --fail-under 100
	$(BIN)/purposegate scan --no-cache
	$(BIN)/purposegate generate $(SHIPPED) -o $(NAMES) --check

schema: .venv/run.stamp
	@$(BIN)/purposegate schema > $(SCHEMA)

# The example's module of names, which bears the digest of the policy: after every change of that.
names: .venv/run.stamp
	@$(BIN)/purposegate generate $(SHIPPED) -o $(NAMES)

clean:
	rm -rf .venv mutants .fuzzing $(SCHEMA)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "purposegate needs python3.11 or newer" >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/run.stamp: pyproject.toml | .venv/bin/python
	@echo "setting up .venv (once)" >&2
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/purposegate schema > $(SCHEMA)
	@touch $@

.venv/peers.stamp .venv/mutants.stamp .venv/fuzz.stamp: .venv/%.stamp: pyproject.toml .venv/dev.stamp
	@echo "installing what \`make $(MAKECMDGOALS)\` needs (once)" >&2
	@$(BIN)/python -m pip install --quiet --group $*
	@touch $@

# One that cannot be installed is left out, and the comparison says so.
.venv/others.stamp: Makefile .venv/dev.stamp
	@echo "installing what is compared with (once)" >&2
	@for name in $(OTHERS); do \
		rm -rf .venv/others/$$name; $(BIN)/python -m venv .venv/others/$$name && \
		.venv/others/$$name/bin/python -m pip install --quiet $$name || echo "$$name could not be installed" >&2; \
	done
	@touch $@

.venv/dev.stamp: pyproject.toml .venv/run.stamp
	@echo "installing the test tools (once)" >&2
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
