"""The ledger and what follows from it: publish a revision, verify the chain, rebuild the projections."""
