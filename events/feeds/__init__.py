"""From the web to documents: fetch (network), parse and article (pure), store and documents (rows), polling (the
stage's functions).

`polling` is what tasks and commands call; the pure modules know neither network nor database.
"""
