"""Branching on phases: complete by a month, or not before the next.

Every part of the schedules has its own bound, by dual ascent, household by household; the least of them is proven. The
part with the least bound comes first. Its bound is raised half of the way that is left, and it is taken in two only
where dual ascent has nothing more to give.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from renewopt.optimiser.decomposition.guide import Guide, dearest
from renewopt.optimiser.decomposition.nodes import NodeRelaxations
from renewopt.optimiser.decomposition.phase_tree import Node, OpenPart, PhaseTree, rounded
from renewopt.optimiser.decomposition.primal_heuristic import PrimalHeuristic
from renewopt.optimiser.decomposition.relaxation import SolvedRelaxation
from renewopt.optimiser.decomposition.restricted_master import PhaseBounds
from renewopt.optimiser.decomposition.stopping import StoppedError, stop_if_dearer, stop_if_enough, stop_if_over
from renewopt.optimiser.progress import Clock

ROUNDS_OF_PART = 4
"""Rounds in which a part's relaxation is solved at the most, with rows on whole phases: more prove more than its dual
ascent would."""
HALFWAY = 0.5
"""Share of what a part's bound is short of a plan by which it is raised before others get their turn."""
LOST = 0.2
"""Share of what all parts are short of the plan that merging households may lose in one of them: where it loses more,
finer classes prove more than taking parts in two does. Under the district's `fiscal_cost` it loses half of it. What
they are short of counts as the asked gap at the least: near the end one step more does it."""


class PhaseBranching:
    """Branches on phases until bound and plan meet.

    Parameters
    ----------
    parts
        Solves parts of the schedules.
    guide
        What tells cheaply how parts compare; None: the parts themselves do.
    may_split
        Whether classes may still be split.

    Attributes
    ----------
    bound
        Proven for all schedules, in 万元.
    best
        The relaxation that led to the last plan, at first that of all schedules.
    left
        The only part of the schedules in which there may be a better plan, where branching ended with that.
    merged
        Where branching ended because classes are too coarse: the relaxation of a part by which they should be split.
    others
        What is proven of all parts but `left`, in 万元.
    """

    def __init__(
        self,
        parts: NodeRelaxations,
        plans: PrimalHeuristic,
        clock: Clock,
        guide: Guide | None,
        *,
        may_split: bool = False,
    ) -> None:
        self._parts, self._plans, self._clock, self._guide = parts, plans, clock, guide
        self._may_split = may_split
        self._tree = PhaseTree(*parts.relaxation.phase_bounds())
        self.bound = -math.inf
        self.best: SolvedRelaxation | None = None
        self.left: Node | None = None
        self.merged: SolvedRelaxation | None = None
        self.others = math.inf

    @property
    def open_parts(self) -> list[OpenPart]:
        """The parts that are open."""
        return self._tree.open_parts

    @property
    def fathomed(self) -> float:
        """What is proven of all others, in 万元; ∞ where there are none."""
        return self._tree.fathomed

    def run(
        self, root: SolvedRelaxation, bound: float, parts: Sequence[OpenPart] = (), fathomed: float = math.inf
    ) -> str:
        """Branch until bound and plan meet, or until there is nothing left to do here; the status.

        Nothing is left where no part can be taken in two, where there is but one (`left`), and where classes are to be
        split first (`merged`).

        Parameters
        ----------
        root
            The relaxation of all schedules.
        bound
            What is proven of them, in 万元.
        parts
            All schedules taken apart already; none: they are taken as a whole.
        fathomed
            What is proven, in 万元, of schedules that are in none of these parts.

        Raises
        ------
        StoppedError
            If time is up, the work allowed is done, or Ctrl-C was pressed; `bound` holds all the same.
        """
        self._begin(root, bound, parts, fathomed)
        tree, plans = self._tree, self._plans
        while not self._done():
            node = tree.next(plans.cutoff())
            if node is None:
                break
            if plans.best is not None and tree.is_alone(node, plans.cutoff()):
                self.left, self.others = node, tree.least()
                return "time_limit"
            if node.solved is not None and not tree.diving:
                self._raise(node, node.solved)
                continue
            children = self._begun(node) if node.fresh else self._in_two(node)
            for bounds, solved in children:
                self._take(node, bounds, solved)
            self._prove()
            stop_if_enough(plans, self._clock)
            if self._may_split and not self._done() and tree.open_parts:
                self.merged = self._too_coarse([solved for _, solved in children if solved is not None])
                if self.merged is not None:
                    return "time_limit"
            if self._clock.branched.spend(1, plan=plans.best is not None):
                raise StoppedError
        self.bound = max(self.bound, min(tree.least(), plans.cutoff()))
        if plans.incumbent is None:
            return "time_limit" if tree.closed else "infeasible"
        return "feasible" if self._done() else "time_limit"

    def _begin(self, root: SolvedRelaxation, bound: float, parts: Sequence[OpenPart], fathomed: float) -> None:
        """Plant what there is to branch on; as `run`."""
        self.best = root
        relaxation, tree, plans = self._parts.relaxation, self._tree, self._plans
        for part in parts:
            tree.plant(part, bound, root.centre)
        if math.isfinite(fathomed):
            tree.close(fathomed)
        if not parts and not tree.root(max(root.bound, bound), relaxation.state(root.x), root.centre):
            plans.make(relaxation, root, rounded(relaxation.state(root.x)))
            stop_if_enough(plans, self._clock)

    def _too_coarse(self, solved: Sequence[SolvedRelaxation]) -> SolvedRelaxation | None:
        """Of relaxations of parts just solved that in which merging loses most, if it loses too much; else None."""
        plans = self._plans
        if plans.best is None:
            return None
        cutoff = plans.cutoff()
        # Where slack is needed the duals are those of its penalty.
        losses = [(self._parts.lost(each), each) for each in solved if each.bound < cutoff and not each.infeasible]
        if not losses:
            return None
        lost, most = max(losses, key=lambda pair: pair[0])
        return most if lost > LOST * max(cutoff - self._tree.least(), plans.best.value - cutoff) else None

    def _begun(self, node: Node) -> list[tuple[PhaseBounds, SolvedRelaxation | None]]:
        """Solve the relaxation of a node that has none yet."""
        bounds = node.lower, node.upper
        solved = self._parts.solve([bounds], node.centre, rounds=ROUNDS_OF_PART, enough=self._plans.cutoff())
        stop_if_over(self._parts.stopped)
        return [(bounds, solved[0])]

    def _raise(self, node: Node, solved: SolvedRelaxation) -> None:
        """Raise a part's bound; what the relaxation over the open choices promises comes before taking it in two."""
        cutoff = self._plans.cutoff()
        # How far up is worth going is known only where there is a plan.
        enough = node.value + HALFWAY * (cutoff - node.value) if math.isfinite(cutoff) else cutoff
        found = self._parts.ascend((node.lower, node.upper), solved, enough)
        stop_if_over(self._parts.stopped)
        more = enough < found.bound < cutoff
        self._tree.put_back(node, max(found.bound, node.value), found.centre, solved=found if more else None)
        self._prove()

    def _take(self, node: Node, bounds: PhaseBounds, solved: SolvedRelaxation | None) -> None:
        """Take a part of a node into the tree, or make a plan of it; its bound is raised when its turn comes."""
        tree, plans, parts = self._tree, self._plans, self._parts
        if solved is None:
            # What could be held against this part of the schedules is only what holds for all of it.
            tree.close(node.value)
            return
        relaxation = parts.relaxation
        state = relaxation.state(solved.x)
        # Where a plan is at hand, the least bound comes first.
        dive = not solved.infeasible and plans.best is None
        if tree.add(max(solved.bound, node.value), state, *bounds, solved.centre, dive=dive, solved=solved):
            return
        solved = parts.ascend(bounds, solved, plans.cutoff())
        stop_if_over(parts.stopped)
        low = max(solved.bound, node.value)
        tree.close(low)
        promising = low < plans.cutoff() and not solved.infeasible
        if promising and plans.make(relaxation, solved, rounded(state)):
            self.best = solved
            stop_if_enough(plans, self._clock)

    def _in_two(self, node: Node) -> list[tuple[PhaseBounds, SolvedRelaxation | None]]:
        """Take a node in two, by the way in which both parts become dearest over the open choices."""
        ways = self._tree.splits(node) if self._guide is None else self._tree.many_splits(node)
        if self._guide is not None and len(ways) > 1:
            ways = [self._guide.dearest((node.lower, node.upper), ways, self._plans.known_schedule())]
        rounds = 1 if self._guide is None else ROUNDS_OF_PART
        enough = self._plans.cutoff()
        solved = [self._parts.solve(way, node.centre, rounds=rounds, enough=enough) for way in ways]
        stop_if_over(self._parts.stopped)
        values = [[math.inf if each is None or each.infeasible else each.value for each in way] for way in solved]
        best = dearest(values, self._plans.cutoff())
        return list(zip(ways[best], solved[best], strict=True))

    def _prove(self) -> None:
        """The least bound of all parts holds for the whole, as far as the best plan is not cheaper."""
        self.bound = max(self.bound, min(self._tree.least(), self._plans.cutoff()))
        self._clock.report("branching on phases", bound=self.bound)
        stop_if_dearer(self._clock, self.bound)

    def _done(self) -> bool:
        return self._plans.incumbent is not None and self.bound >= self._plans.cutoff()
