"""The scenarios of the drill `live`, which know the models: a process of its own, on the drill's database."""
