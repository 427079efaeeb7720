"""scholarflow: an atlas of where science is done, from full dumps of MAG and OpenAlex."""

__version__ = "0.1.0"
