"""Requests for change raised from problems, and their outcome."""
