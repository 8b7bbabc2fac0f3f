"""The demo: an invented IT-service provider, its year of incidents and its problems.

`world`, `families`, `incidents` and `stories` are pure data and pure functions; `load` builds
the same world in the database through the verbs, as people would have done it.
"""

#: The event that says the demo is there: it is the last one of loading it.
LOADED = "demo.loaded"
