"""Running operations: breadth-first over selections, or field by field as the reference."""
