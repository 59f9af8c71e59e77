# Naadloos: `make demo` to see it, `make test` to trust it. Needs Python 3.11, Java 17, Maven and make.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
BIN := .venv/bin
READY := .venv/ready
MUTATED := 'orchestrator.deciding.gate.*' 'orchestrator.deciding.cutover.*' 'orchestrator.reachability.*'

.PHONY: help setup demo test lint types contracts compiled long mutants clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

$(READY): pyproject.toml .ci/tools
	@echo "Making .venv, once: what pyproject.toml names is fetched and installed, some 350 MB on disk."
	@echo "How long that takes is up to the network; pip shows nothing meanwhile."
	@python="$$(.ci/tools)" && { test -x $(BIN)/python || "$$python" -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
	@echo "Ready: $(BIN)/naadloos --help"

setup: $(READY) ## make .venv, so that .venv/bin/naadloos is the command

demo: $(READY) ## move 900 employees on a real Kafka, and read that nobody was unreachable
	@$(BIN)/naadloos demo

lint: $(READY) ## style and layout of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY) ## every type, in code and in tests
	$(BIN)/mypy

contracts: $(READY) ## who may import whom
	$(BIN)/lint-imports

test: lint types contracts ## everything that CI runs: lint, types, import contracts, a small proof, all tests, a real Kafka
	$(BIN)/pytest -n 2
	$(BIN)/naadloos verify --k 1 voice single-phone booked-single-phone critical data machine
	$(BIN)/pytest -m "integration and not long" -n 2 --dist loadfile

long: $(READY) ## 900 and 9,000 employees, long fuzz and faults; under an hour
	$(BIN)/naadloos verify --k 1
	$(BIN)/pytest -m long -n auto --ignore=tests/simulation/test_long.py
	$(BIN)/pytest -m long tests/simulation/test_long.py

compiled: $(READY) ## what decides as machine code: PYTHONPATH=build/compiled .venv/bin/naadloos; needs a C compiler
	rm -rf build
	NAADLOOS_COMPILED=1 $(BIN)/python -W ignore setup.py --quiet build --build-lib build/compiled

# mutmut asks for a click that faust does not bear, and does without it.
mutants: $(READY) ## change the gate in 500 small ways, and tell which of them no test notices
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check mutmut==3.7.0
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps mutmut==3.8.1
	$(BIN)/mutmut run $(MUTATED)
	@$(BIN)/mutmut results --all true > mutants/results && test -s mutants/results
	@! grep -v ': killed$$' mutants/results

clean: ## remove what was made here; the state directory of Naadloos stays
	rm -rf .venv build mutants *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find events orchestrator workers tests -name __pycache__ -type d -prune -exec rm -rf {} +
