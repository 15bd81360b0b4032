"""Words and rules of the field. Knows no I/O, no SQL and no GraphQL."""
