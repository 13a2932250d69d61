"""Former name of the state that a policy decides on; policies of one's own may still import it from here."""

from renewopt.policies.state import SimulationState as Account

__all__ = ["Account"]
