"""The curators' endpoints, by what they are about."""
