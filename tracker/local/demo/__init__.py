"""The demonstration: the whole service on one machine, from a feed of demo articles to an e-mail."""
