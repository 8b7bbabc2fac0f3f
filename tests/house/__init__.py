"""Tests of the repository itself: the rules of the house, each checked by one short file."""
