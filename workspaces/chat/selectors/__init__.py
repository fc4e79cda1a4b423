"""Reads about rooms: how they are found (`rooms`), their topics and what is new (`topics`), messages (`messages`),
decisions, whom one may call (`calling`), what the search knows (`finding`)."""
