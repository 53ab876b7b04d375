"""Events into read tables: one file a family of aggregates. Each handler replaces current state or adds to the timeline."""
