"""Why a household is settled when and as it is, and what it would cost to settle it otherwise."""
