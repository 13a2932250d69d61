"""Before the search: what cannot matter is left out, needs that are alike are aggregated, valid inequalities added."""
