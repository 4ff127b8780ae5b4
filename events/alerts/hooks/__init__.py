"""Webhooks: every revision that meets a webhook's wish, signed, in the order of the ledger."""
