"""Citation windows, hits, and the institutions with most of them."""
