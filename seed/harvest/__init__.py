"""Lists that others publish: which, how they are fetched safely, and what came of it.

`sources.toml` → entries → one file each, whole and checked → import → a run in the history.
What a fetched file means is not known here.
"""
