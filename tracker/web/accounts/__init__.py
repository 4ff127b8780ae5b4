"""Signing in and what a user keeps of the own account: django-allauth's flows with our rules, pages and addresses."""
