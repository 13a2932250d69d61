"""The command line; heavy imports stand inside the commands, so that ``renewopt --help`` is quick."""
