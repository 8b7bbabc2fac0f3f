"""The verbs of the lifecycle table, each with its own typed body."""
