"""Migrations of planner."""
