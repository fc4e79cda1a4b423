"""``make run``: the whole of Plenary in one process, to try it or to develop it."""
