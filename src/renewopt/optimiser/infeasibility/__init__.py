"""Whether all rules can be kept, and what is short where they cannot."""
