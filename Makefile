# Two commands: `make chat` to ask, `make test` to check. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
TOOLS := $(VENV)/tools
TORCH := torch==2.13.0
AXE := build/npm/node_modules/axe-core/axe.min.js

.PHONY: chat index test engine check gate clean

chat: $(READY)
	$(BIN)/kyodo chat

index: $(READY)
	$(BIN)/kyodo index build

# On two cores two at a time; the tests of a file stay together, since they share an index.
test: $(TOOLS)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# A tiny random transformer, served by a server that is not ours: the wire, and that its
# nonsense never reaches a reader. About a minute.
engine: $(TOOLS)
	$(BIN)/python -m pytest -m engine

check: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Answers on the development questions, held to what this version must not fall below.
gate: $(READY)
	$(BIN)/kyodo index build --index build/index
	$(BIN)/kyodo eval run --index build/index --output build/eval
	$(BIN)/kyodo eval gate build/eval --floors eval/floors-now.toml --baseline eval/baseline.json

# torch first: where a CPU build is at hand, no CUDA build is pulled by what comes after.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet $(TORCH)
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

$(TOOLS): $(READY) requirements-dev.lock
	$(BIN)/pip install --quiet --requirement requirements-dev.lock
	$(MAKE) --no-print-directory $(AXE) || echo "axe-core cannot be had here: its tests will be skipped"
	touch $@

# Checks the pages for screen readers and low vision; only the tests need it.
$(AXE):
	npm install --silent --no-save --no-audit --no-fund --prefix build/npm axe-core@4.14.1

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
