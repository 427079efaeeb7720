"""Example regressions on the panels, with pyfixest: `scholarflow regress`. Needs the extra `regress`."""
