"""The house's law and the test kit every slice adds rows to."""
