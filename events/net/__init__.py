"""Requests that leave the service: which addresses may be asked, and by which connections. No ORM here."""
