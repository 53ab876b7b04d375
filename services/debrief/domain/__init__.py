"""Debrief's rules: pure, one file an aggregate."""
