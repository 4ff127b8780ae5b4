"""Shapes of the curators' part: what answers hold (`shown`) and what bodies may hold (`asked`)."""
