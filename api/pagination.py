from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Placeholder."""

    ordering = "pk"
