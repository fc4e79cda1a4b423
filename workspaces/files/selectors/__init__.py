"""Reads of a group's files: lists and pages (`listing`), folders (`folders`), how much there is (`space`), what they
announce elsewhere (`announcing`, `attached`), the search (`finding`)."""
