"""The plan's room: making a plan of a scenario, and what a plan tells (tables, summary, files)."""
