"""How much is asked for where a question does not say it."""

PAGE_DEFAULT = 20
