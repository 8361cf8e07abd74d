# Two commands: `make demo` shows the whole job, `make test` proves it. Both set everything up first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup setup-dev demo test lint compiled plain bench lock clean

setup: .venv/.runtime
setup-dev: .venv/.dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing pinned packages (one to three minutes) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q tasks flows warehouse demo  # pip compiles what it installs, but not what it links to
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing pinned packages for tests ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup
	$(BIN)/jibao demo

test: setup-dev
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/compiled.py check

# Reading made faster: chosen modules as machine code beside their sources. Needs a C compiler and some three minutes.
compiled: setup-dev
	$(BIN)/python tools/compiled.py build

plain:
	$(PYTHON) tools/compiled.py remove

bench: compiled
	$(BIN)/python bench/observe.py
	$(BIN)/python bench/read.py
	$(BIN)/python bench/whole.py --documents 200

# Needs uv. URLs are left out on purpose: versions and hashes pin, the index is the user's own.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra build --extra dev pyproject.toml -o requirements-dev.lock

clean: plain
	rm -rf .venv build *.egg-info
