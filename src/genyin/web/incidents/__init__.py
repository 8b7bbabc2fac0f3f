"""The screens of incidents: list, one incident with what is like it, and one entered by hand."""
