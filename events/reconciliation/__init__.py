"""Names of a table matched with the record's people and organizations (OpenRefine's Reconciliation API)."""
