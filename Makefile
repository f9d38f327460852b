# The two commands are `make run` and `make test`; both set everything up first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run test test-long test-ollama coverage bench sample fix pictures snapshots

setup:
	@$(PYTHON) tools/environment.py

run: setup
	@$(BIN)/gardener-tui

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m "not long" -n 4 --dist loadfile \
		--no-loadscope-reorder --durations=10

# What takes minutes: the full demo, the kill loops. Results are kept in tests/long/results.md.
test-long: setup
	$(BIN)/python -m pytest -q -m long

# The whole way on a real Ollama server, with models of its own in a folder that goes again.
test-ollama: setup
	@if command -v ollama > /dev/null; then \
		$(BIN)/python -m pytest -q -s tests/long/test_ollama_server.py; \
	else \
		echo "Nothing was tried: no program 'ollama' is in PATH."; \
		echo "Install it from ollama.com/download and run this again."; \
	fi

# Sees the jobs, the engine and every other process that a test starts.
coverage: setup
	$(BIN)/coverage erase
	$(BIN)/coverage run --parallel-mode -m pytest -q -m "not long" -n 3 \
		--dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

bench: setup
	$(BIN)/gardener bench start

# The sample project with its adapter and card, from nothing; compared with the card in tools/sample.
sample: setup
	$(BIN)/python tools/sample/make.py build/sample

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The screen at four sizes in both themes, as SVG (and PNG where rsvg-convert is installed).
pictures: setup
	PYTHONPATH=tests $(BIN)/python -m support.pictures build/pictures

# Writes tests/tui/snapshots anew; look at the difference before it is committed.
snapshots: setup
	GARDENER_SNAPSHOTS=write $(BIN)/python -m pytest -q tests/tui/test_snapshots.py
