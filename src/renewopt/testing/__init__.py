"""Independent oracles: tiny random problems, brute force, and closed-form answers to compare a planner with."""
