"""A scenario as a workbook: one sheet for each section, read into the same tree of marked nodes as a YAML file."""
