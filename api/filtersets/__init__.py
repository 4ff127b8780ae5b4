"""What lists can be filtered by, one module a topic."""
