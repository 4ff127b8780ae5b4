"""Template tags of the HTML faces."""
