"""Who may do what: a matrix of every route and every role, roles, and signing in."""
