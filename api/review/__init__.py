"""The curators' part of the API: the only one that may read candidates, behind the scope "review"."""
