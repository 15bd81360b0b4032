"""Everything that knows SQL and its dialects: tables, engines, reads, keysets, criteria."""
