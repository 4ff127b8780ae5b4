"""How well one name fits another: people and organizations, across scripts, spellings and short forms. Pure."""
