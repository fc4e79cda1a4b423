"""The organisations' part of the demonstration: standings of the real ones, the invented ones, and who works where.

Nothing that could be held against a real organisation is made up: about them there are public facts and neutral
titles of invented people. Whatever else is shown belongs to the invented ones.
"""
