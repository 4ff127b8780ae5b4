"""Wordings of public sentences, one module a language."""
