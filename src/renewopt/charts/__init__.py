"""Charts as pure functions: tables in, a chart out. Knows tables and languages, not plans."""
