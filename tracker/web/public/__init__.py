"""Pages that anyone may read. Nothing here, or that this imports, may reach an unreviewed candidate."""
