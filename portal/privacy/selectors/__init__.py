"""Reads about personal data: what is declared (`declared`), what is held about one person (`held`)."""
