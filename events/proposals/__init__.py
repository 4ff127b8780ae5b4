"""Proposals of readers: a correction or a reply, taken in with a receipt, answered by a curator."""
