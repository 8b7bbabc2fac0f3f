"""Reviews, meetings, minutes and follow-ups."""
