"""Pages by which a reader asks for alerts, and manages them with the token that their mail carries."""
