"""Which activities of a programme start when: the exact model, and the search for larger ones."""
