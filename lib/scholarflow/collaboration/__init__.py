"""Who writes with whom: countries and authors."""
