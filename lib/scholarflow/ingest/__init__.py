"""From a raw snapshot to the canonical tables."""
