"""The interface to PuLP: the named model, a planner's own constraints, other solvers."""
