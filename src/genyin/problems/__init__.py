"""The heart: a problem, its lifecycle, its control points and its verbs."""
