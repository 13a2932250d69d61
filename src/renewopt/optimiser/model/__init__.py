"""The linear model: columns, rules, goals, and the formulation that puts them together."""
