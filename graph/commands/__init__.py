"""Groups of commands, one a module; `graph.cli` joins them."""
