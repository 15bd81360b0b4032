"""Arguments → selection: which rows, which window. No I/O, and no SQL beyond columns."""
