"""Many plans of one district beside each other.

What if a value were another one, what does one goal cost in another, which other plans are nearly as good?

Each plan is found by a search that begins with what a neighbour's has learnt; each is kept on disk when it is found.
"""
