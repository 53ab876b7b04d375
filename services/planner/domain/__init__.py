"""The planner's rules: pure, one file an aggregate."""
