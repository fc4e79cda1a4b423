"""Importing organisations from a table: reading, comparing, deciding, and writing all or nothing."""
