"""The last installed app: when it is ready, all are, and what they announce can be gathered."""
