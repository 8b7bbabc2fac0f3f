"""The import screen: a file is understood, shown, checked whole, and written by the worker."""
