"""The database: the embedded PostgreSQL for trial and tests, and the command that looks after it."""
