"""Fits what extraction learns from labelled articles. Nothing here runs when an article is read."""
