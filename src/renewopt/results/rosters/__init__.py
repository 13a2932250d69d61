"""The home roster (选房公示表): the plan's households, each with a home of its type that is listed one by one.

The plan says who gets which type of home in which estate and when; the roster never changes it.
"""
