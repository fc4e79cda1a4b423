"""Facets: how many there are of each, counted in memory.

A facet's value is the set of those that have it, kept as the bits of one integer, so that a count is an intersection
and costs about a microsecond at ten thousand organisations. The sets are built from the database once for each
version of the directory (see `kept`) and say nothing that their audience may not know. Rows are always read from the
database through the policies: what stands here can only count and point, never show.
"""
