"""Data into the database: sources, records, normalise, reconcile, load, report."""
