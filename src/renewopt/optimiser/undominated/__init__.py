"""Undominated plans: nobody waits while a home that is open to them stands empty to the end."""
