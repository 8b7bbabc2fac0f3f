"""Runs everything: `./genyin test [--quick]`. The parts, the throw-away PostgreSQL and the closing summary."""
