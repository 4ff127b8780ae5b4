"""The change stream: the ledger by cursor, as pages, by waiting for what comes next, and as Server-Sent Events."""
