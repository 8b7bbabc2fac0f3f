"""Families of incidents, candidates for problems, and the recurrence watch."""
