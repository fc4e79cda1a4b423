# The commands of Plenary. `make` alone explains them.
# Python 3.11 to 3.14 and make are all that must be on the machine.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= logical
ARGS ?=

BIN := .venv/bin
# The name of this file changes with the lock, so an unchanged environment costs nothing.
STAMP := .venv/lock-$(firstword $(shell cksum < requirements.lock))
MANAGE := $(BIN)/python manage.py
# Where no production is configured in the environment, the data of `make run` are meant.
OWN = $(if $(SECRET_KEY)$(SECRET_KEY_FILE),,TRIAL=1)
COVERED := $(if $(COVERAGE),--cov --cov-report=term:skip-covered --cov-report=html:.coverage-html,)

help: ## Explain the commands (what you are reading)
	@echo "Plenary"
	@echo
	@awk 'BEGIN {FS = ":[^#]*## "} /^[.a-z-]+:[^#]*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  Settings: PORT=8000 DATABASE_URL=postgresql://... (embedded PostgreSQL when unset)"
	@echo "            PLENARY_DATA=/path (data directory, .plenary when unset)"
	@echo "            ARGS='tests/portal -k word -x' (for test) WORKERS=4 COVERAGE=1 PYTHON=python3.12"

.venv: $(STAMP) ## Make the virtual environment and install requirements.lock into it (the others do so themselves)
	@echo "The virtual environment .venv is as requirements.lock says."

run: $(STAMP) ## Start Plenary with the demonstration network on http://localhost:8000 (Ctrl-C stops it)
	@exec env TRIAL=1 PORT=$(PORT) $(MANAGE) trial

test: $(STAMP) ## Run the whole test suite in parallel, on the embedded PostgreSQL
	@$(BIN)/python .ci/chromium.py
	@$(BIN)/python .ci/nginx.py
	@$(BIN)/python .ci/redis.py
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(COVERED) $(ARGS)

controls: $(STAMP) ## Take the guard of each check away and see the check turn red (ARGS='A1 C5' for some)
	@$(BIN)/python -m tests.architecture.controls $(ARGS)

lint: lint-code lint-types lint-imports lint-migrations lint-links ## Check style, types, who may import whom, migrations, links in the documentation

lint-code: $(STAMP)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted as above says; run: make fmt"; exit 1; }
	@echo "Style and format: as they should be."

lint-types: $(STAMP)
	@$(BIN)/mypy

lint-imports: $(STAMP)
	@$(BIN)/lint-imports

lint-migrations: $(STAMP)
	@TESTING=1 DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run

lint-links: $(STAMP)
	@$(BIN)/python .ci/links.py

fmt: $(STAMP) ## Format the code and repair what can be repaired without thinking
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: $(STAMP) ## Measure requests per second, latency and queries at 1, 10 and 100 times the network, fan-out, and large rooms
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.fanout
	@$(BIN)/python -m benchmarks.rooms

drill: $(STAMP) ## Run the long checks: restore, faults, hostility (ARGS='restore mail' for some)
	@$(BIN)/python -m drills $(ARGS)

backup: $(STAMP) ## Write one encrypted archive of database and files to BACKUP_DIR (docs/operations.md)
	@$(OWN) $(MANAGE) backup $(ARGS)

restore: $(STAMP) ## Bring everything back from an archive (ARCHIVE=… KEY=… ARGS=--over), and compare
	@$(OWN) $(MANAGE) restore "$(ARCHIVE)" --key "$(KEY)" $(ARGS)

backup-key: $(STAMP) ## Make the pair of keys for archives (KEY=file, to be carried away)
	@$(OWN) $(MANAGE) backup_key "$(KEY)"

keys-backup: $(STAMP) ## Write the portal's own keys, closed with a passphrase, to TO=file
	@$(OWN) $(MANAGE) keys_backup "$(TO)" $(ARGS)

docs: $(STAMP) ## Write the pages of roles and of personal data from what the tests read, and check that every link leads somewhere
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.architecture.roles_page
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.architecture.privacy_page
	@$(MAKE) --no-print-directory lint-links

messages: $(STAMP) ## Collect all texts into the catalogues of translations and compile these
	@TESTING=1 DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) messages

migrations: $(STAMP) ## Write the migrations that the models ask for
	@TRIAL=1 $(MANAGE) makemigrations $(ARGS)

shell: $(STAMP) ## Open Python with Django set up, on the database of `make run`
	@exec env TRIAL=1 $(MANAGE) shell

lock: $(STAMP) ## Resolve requirements.txt and requirements-dev.txt anew into requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links \
		$(ARGS) requirements.txt requirements-dev.txt --output-file requirements.lock
	@echo "requirements.lock is written; the next command installs it."

clean: ## Remove caches and .venv, never the data (.plenary)
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.plenary/*' -prune -exec rm -rf {} +
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* .coverage-html
	@echo "Clean. The data are still in .plenary; remove that directory to begin anew."

$(STAMP): requirements.lock
	@[ -e $@ ] || for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 none; do \
		if [ "$$python" = none ]; then \
			echo "Plenary needs Python 3.11, 3.12, 3.13 or 3.14, and finds none of them here."; \
			echo "Install one (on Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12"; \
			exit 1; \
		fi; \
		if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then \
			"$$python" .ci/environment.py $@; exit $$?; \
		fi; \
	done

.PHONY: help .venv run test controls lint lint-code lint-types lint-imports lint-migrations lint-links fmt bench drill backup restore backup-key keys-backup docs messages migrations shell lock clean
