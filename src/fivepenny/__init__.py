"""Fivepenny: a finance drama played by a company of small language models, on a market whose books balance.

What stands in `__all__` is the public surface; everything else may change without notice. Importing the package
loads no engine and no model.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
