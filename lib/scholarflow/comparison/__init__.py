"""What collaboration is worth and how movers differ: like compared with like, and how sure one can be of it."""
