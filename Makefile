# broadsheet: `make` lists what can be made.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READERS := .venv-readers/bin
ENGINES := .venv-engines/bin
INSTALL := -m pip install --quiet --disable-pip-version-check --no-compile
unexport PYTHONDONTWRITEBYTECODE # without compiled modules, each command takes two seconds more to start

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/.installed  ## create .venv with what a user needs, from the hash-pinned lock

.venv/.installed: requirements/run.txt requirements/build.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing requirements/run.txt into .venv (once)" >&2
	@$(BIN)/python $(INSTALL) --no-deps --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(BIN)/python $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.developer: .venv/.installed requirements/dev.txt
	@echo "installing requirements/dev.txt into .venv (once)" >&2
	@$(BIN)/python $(INSTALL) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

.venv-readers/.installed: requirements/readers.txt
	@.ci/headers
	@test -x $(READERS)/python || $(PYTHON) -m venv .venv-readers
	@echo "installing requirements/readers.txt into .venv-readers (once)" >&2
	@$(READERS)/python $(INSTALL) --no-deps --require-hashes -r requirements/readers.txt
	@touch $@

.venv-engines/.installed: .venv/.installed requirements/engines.txt # Dask and Ray, besides what is in .venv
	@test -x $(ENGINES)/python || $(PYTHON) -m venv .venv-engines
	@echo "installing requirements/engines.txt into .venv-engines (once)" >&2
	@$(ENGINES)/python $(INSTALL) --no-deps --require-hashes -r requirements/engines.txt
	@$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
	 > "$$($(ENGINES)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/core.pth"
	@touch $@

dataset: setup  ## seeds/ and corrections/ become build/, validated
	@$(BIN)/broadsheet build
	@$(BIN)/broadsheet validate

.venv-cff/.installed: requirements/cff.txt
	@test -x .venv-cff/bin/python || $(PYTHON) -m venv .venv-cff
	@echo "installing requirements/cff.txt into .venv-cff (once)" >&2
	@.venv-cff/bin/python $(INSTALL) --no-deps --require-hashes -r requirements/cff.txt
	@touch $@

browser:  ## install Chromium for the tests of the report, where it is missing (Debian and Ubuntu)
	@.ci/browser

ENVIRONMENTS := .venv/.developer .venv-readers/.installed .venv-cff/.installed .venv-docs/.installed .venv-engines/.installed

environments: # two at a time: pip uses one core
	@$(MAKE) --no-print-directory --jobs 2 $(ENVIRONMENTS)

test: environments browser check dataset  ## everything CI runs
	@echo "running the tests: about ten minutes on two cores" >&2
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup
	@$(BIN)/broadsheet validate --with frictionless

release: dataset  ## dist/NAME-VERSION.zip, to publish, and NAME-VERSION-full.zip with every text, for private use
	@$(BIN)/broadsheet release
	@$(BIN)/broadsheet release --text full

check: .venv/.developer  ## style, types, density and the import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tests/check_density.py

coverage: environments browser dataset  ## the tests, with the lines and branches they run
	@$(BIN)/python -m pytest -q --numprocesses 2 --dist loadgroup --cov --cov-report=term:skip-covered

fix: .venv/.developer  ## mend what a tool can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

mutants: .venv/.developer  ## change 40 places of the code, one at a time: does a test notice? (an hour)
	@$(BIN)/python -m pytest -q --numprocesses 2 --dist loadgroup --cov --cov-context=test --cov-report=
	@$(BIN)/python tests/mutants.py

faults: .venv/.developer  ## kills, full disks, signals and other faults, as a table (hours); needs gcc and unshare
	@cd tests && ../$(BIN)/python -m faults

fuzz: .venv/.developer  ## give every reader COUNT mutated inputs: make fuzz [COUNT=100000] [READER=html] (hours)
	@PYTHONPATH=tests $(BIN)/python -m fuzz $(READER) --count $(or $(COUNT),100000) --keep .broadsheet/fuzz

scale: .venv/.developer .venv-engines/.installed  ## the same package on every engine: make scale [CORPUS=DIR] (minutes)
	@cd tests && ../$(BIN)/python scale.py $(if $(CORPUS),--corpus $(CORPUS))

bench: .venv/.developer .venv-readers/.installed  ## measure against peers (minutes)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

eval: .venv/.developer  ## score the shipped reader on a corpus in brat form: make eval CORPUS=DIR
	@$(BIN)/python training/evaluate.py --corpus $(CORPUS)

model: .venv-training/.installed  ## train the reader anew: make model CORPUS=DIR (tens of minutes)
	@.venv-training/bin/python training/train.py --corpus $(CORPUS) --out model.safetensors
	@.venv-training/bin/python training/export.py --model model.safetensors --to src/broadsheet/extraction/weights
	@.venv-training/bin/python training/evaluate.py --corpus $(CORPUS) --record

.venv-training/.installed: training/requirements.in
	@test -x .venv-training/bin/python || $(PYTHON) -m venv .venv-training
	@.venv-training/bin/python $(INSTALL) -r training/requirements.in -e .
	@touch $@

.venv-docs/.installed: requirements/docs.txt
	@test -x .venv-docs/bin/python || $(PYTHON) -m venv .venv-docs
	@echo "installing requirements/docs.txt into .venv-docs (once)" >&2
	@.venv-docs/bin/python $(INSTALL) --no-deps --require-hashes -r requirements/docs.txt
	@touch $@

docs: .venv-docs/.installed  ## write the documentation as a site into site/; a broken link is an error
	@.venv-docs/bin/mkdocs build
	@echo "open site/index.html" >&2

pages: .venv/.developer  ## write the pages that follow from code and schemas
	@$(BIN)/python docs/make.py

sessions: .venv/.developer  ## run the commands of README and tutorial, and write what they print
	@$(BIN)/python tests/sessions.py

lock:  ## write the locks again (needs uv)
	@sed -i 's/^coverage\[toml\]==/coverage==/' requirements/dev.txt # a constraint has no extras
	@cd requirements && uv pip compile ../pyproject.toml --extra s3 --group ../pyproject.toml:dev $(UV) -o dev.txt
	@cd requirements && uv pip compile ../pyproject.toml -c dev.txt $(UV) -o run.txt
	@cd requirements && uv pip compile readers.in $(UV) -o readers.txt
	@cd requirements && uv pip compile engines.in -c dev.txt $(UV) -o engines.txt
	@cd requirements && uv pip compile cff.in $(UV) -o cff.txt
	@cd requirements && uv pip compile docs.in $(UV) -o docs.txt
	@cd requirements && uv pip compile build.in -c dev.txt $(UV) -o build.txt
	@sed -i 's/^coverage==/coverage[toml]==/' requirements/dev.txt # pip wants the extra that pytest-cov asks for

UV := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

clean:  ## remove what was built (not the environments)
	@rm -rf .broadsheet dist build/*.parquet build/*.json build/*.jsonl build/SHA256SUMS

.PHONY: scale faults fuzz environments coverage browser mutants eval model help setup dataset test release check fix bench docs pages sessions lock clean
