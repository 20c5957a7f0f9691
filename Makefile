# The commands of this project. `make serve` and `make test` do all the set-up themselves.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--require-hashes --only-binary :all:
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

export NO_MKDOCS_2_WARNING := 1

.PHONY: help serve site test lint check verify options ledger bench accuracy links releases new lab lab-few fix summary lock schema chromium clean
.DEFAULT_GOAL := help

help: ## List the commands.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

serve: $(VENV)/site.stamp ## Build the site and serve it with live reload (another port: PORT=8001).
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

site: $(VENV)/site.stamp ## Build the site into site/; warnings are errors.
	$(BIN)/mkdocs build --strict

test: lint check verify options ledger lab-few chromium ## Run everything, real Chromium included.
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/test.stamp ## Lint code, types, spelling, prose and workflows.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/proselint --config .proselintrc.json check *.md entries/procedures/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms \
		.github/ISSUE_TEMPLATE/new-error.yml .github/ISSUE_TEMPLATE/mistake.yml .github/ISSUE_TEMPLATE/fix.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --offline --quiet .github

check: $(VENV)/site.stamp ## Check all entries, offline.
	$(BIN)/python scripts/check.py

verify: $(VENV)/site.stamp ## Hold each quote and message against the tagged release: all, or id=SOME_ERROR.
	$(BIN)/python scripts/verify_quotes.py $(addprefix --entry ,$(id))

options: $(VENV)/site.stamp ## Hold the commands on the pages against the options pip has.
	$(BIN)/python scripts/check_options.py

ledger: $(VENV)/site.stamp ## Account for every message of pip 25.3 and 26.3.
	$(BIN)/python scripts/ledger.py

accuracy: $(VENV)/site.stamp ## Say how often the search is right, over all sample logs.
	$(BIN)/python scripts/accuracy.py

bench: $(VENV)/test.stamp chromium site ## Measure build time, page weight and search speed.
	$(BIN)/python scripts/bench_site.py
	$(BIN)/python scripts/bench_match.py
	$(BIN)/python scripts/bench_page.py

links: $(VENV)/site.stamp ## Ask each address that the pages link to whether it is still there.
	$(BIN)/python scripts/links.py

releases: $(VENV)/site.stamp ## See whether pip has a new release; fails when it has.
	$(BIN)/python scripts/verify_quotes.py --update-releases
	git diff --exit-code requirements/pip-releases.txt

new: $(VENV)/site.stamp ## Start an entry: make new log=FILE, or id=SOME_ERROR, or both; asks without.
	$(BIN)/python scripts/new.py $(id) $(if $(log),--log "$(log)") $(if $(line),--line $(line))

lab: $(VENV)/site.stamp ## Run the recipes: make lab id=SOME_ERROR, base=main, pip=26.3, part=1/4, update=1.
	$(BIN)/python scripts/lab.py $(addprefix --id ,$(id)) $(if $(base),--base "$(base)") \
		$(if $(pip),--pip $(pip)) $(if $(part),--part "$(part)") $(if $(update),--update)

lab-few: $(VENV)/site.stamp # The few recipes that together try every kind of set-up.
	$(BIN)/python scripts/lab.py --few

fix: $(VENV)/site.stamp ## Mend what a machine can: schemas, line numbers, transcripts of changed entries.
	$(BIN)/python scripts/schema.py
	$(BIN)/python scripts/verify_quotes.py --fix
	$(BIN)/python scripts/lab.py --update --base "$(or $(base),HEAD)"

summary: $(VENV)/site.stamp ## Say what changed in the entries: make summary base=main.
	@$(BIN)/python scripts/summary.py --base "$(or $(base),HEAD)"

schema: $(VENV)/site.stamp ## Write the JSON Schemas from the model.
	$(BIN)/python scripts/schema.py

lock: $(VENV)/test.stamp ## Renew the lock files from requirements/*.in.
	$(LOCK) --upgrade -o requirements/site.lock requirements/site.in
	$(LOCK) --upgrade -o requirements/test.lock requirements/test.in

clean: ## Remove what was built and installed.
	rm -rf $(VENV) site .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "Install the venv package: sudo apt install python3-venv"; exit 1; }

$(VENV)/site.stamp: requirements/site.lock | $(VENV)/bin/python
	$(INSTALL) -r requirements/site.lock
	@touch $@

$(VENV)/test.stamp: requirements/test.lock $(VENV)/site.stamp
	$(INSTALL) -r requirements/test.lock
	@touch $@

chromium: # Tests drive a real Chromium: CHROMIUM, or the one that is installed.
	@if [ -x "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -y -q --no-install-recommends chromium; \
	else echo "Chromium is missing: sudo apt install chromium (or set CHROMIUM)"; exit 1; fi
