"""Finding out what an upload is, from what it holds and not from how it is called.

A list of what is taken, and everything else is refused. That is a smaller thing than a library that names a thousand
types (libmagic needs a system library, and calls a page a page only sometimes), and a safer one: a type that nobody
thought of is refused.
"""
