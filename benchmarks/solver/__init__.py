"""How long does a proven bound take, and how much memory? renewopt beside general solvers of the same problem.

    python -m benchmarks.solver --specs tight --sizes 300 --paths structured ipx simplex --repeats 3 --out DIR

| module | holds |
| --- | --- |
| `command` | the command line and the order of the runs |
| `paths` | the ways to solve, by name: `ours`, `highs_peers`, `pulp_peer`, `ortools_peers` |
| `child` | one run in a process of its own; it tells its steps and bounds by `telling` |
| `watching` | the process that starts it, measures its memory and stops it |
| `records` | runs as lines of JSON, kept one by one |
| `comparing` | times to a gap, ratios of pairs with their spread, growth with size |
| `report`, `drawing` | the tables and the figures |
"""
