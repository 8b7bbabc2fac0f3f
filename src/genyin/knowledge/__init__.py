"""Known errors, and matching a new incident to what is already known."""
