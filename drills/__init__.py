"""Long forms of checks, for each release: `make drill` runs all, `make drill ARGS="restore mail"` some.

Each module here is one drill with a function `run() -> Report`. A drill makes what it needs (servers, databases,
directories) for itself, leaves nothing behind, and prints no names of people.
"""
