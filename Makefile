# broadsheet: `make` lists what can be made.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements/dev.txt
STAMP := .venv/.installed

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)  ## create .venv from the hash-pinned lock

$(STAMP): $(LOCK) pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing from $(LOCK) into .venv (once)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
