"""Which works belong to the field, which country leads them, and who its scientists are."""
