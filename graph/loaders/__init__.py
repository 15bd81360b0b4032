"""Key set → rows: one question per name, named `<answer>_by_<key>`. Knows no GraphQL."""
