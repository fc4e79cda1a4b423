"""Reads of meetings: lists and pages (`listing`), times by the clocks of many zones (`clocks`), what they announce
elsewhere (`announcing`), the search (`finding`)."""
