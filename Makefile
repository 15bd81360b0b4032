# What review expects: `make check`.
BIN := .venv/bin

.PHONY: check format lint types schema test

check: lint types schema test

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

schema:
	$(BIN)/terrigraph schema --check graph/schema/schema.graphql

test:
	$(BIN)/python -m pytest -q
