"""Full text search over events, and people and organizations by name whatever the script or spelling."""
