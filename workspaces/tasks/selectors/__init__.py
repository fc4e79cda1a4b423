"""Reads of tasks: lists and pages (`listing`), what they announce elsewhere (`announcing`), the search (`finding`)."""
