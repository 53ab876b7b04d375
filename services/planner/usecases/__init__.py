"""What the planner does: load, decide, keep, announce."""
