"""Ancestry as patterns of names say it, of movers and in aggregates only: docs/ancestry.md says what that is not."""
