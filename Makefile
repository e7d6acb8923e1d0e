# Everything that a person does with this repository. Needs Python 3.11+ and make, nothing else.
#   make install   .venv with .venv/bin/curate
#   make demo      all of curate on the bundled example, offline
#   make test      set up and pass the tests
#   make check     lint, types, floors, the wheel

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed

.PHONY: install demo test test-browser check fix bench clean

install: $(READY)

$(READY): pyproject.toml constraints.txt scripts/install.py
	$(PYTHON) scripts/install.py $(VENV)
	@touch $@

demo: $(READY)
	$(BIN)/curate demo

test: $(READY)
	$(BIN)/python -m pytest -m "not browser" $(ARGS)

test-browser: $(READY)
	@command -v "$${CURATE_CHROMIUM:-chromium}" >/dev/null || { \
	  echo "make test-browser needs Chromium: apt-get install chromium, or set CURATE_CHROMIUM=/path/to/it"; exit 2; }
	$(BIN)/python -m pytest -m browser $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	rm -rf dist && $(BIN)/python -m build --wheel --outdir dist . >/dev/null
	$(BIN)/check-wheel-contents --ignore W009 --toplevel curate,schemas,prompts,pipeline,review,train dist/*.whl

fix: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m benchmarks.near_duplicates

clean:
	rm -rf $(VENV) dist demo-workspace
