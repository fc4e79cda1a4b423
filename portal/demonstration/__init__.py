"""The demonstration network: invented people among real organisations, on one machine, never in production."""
