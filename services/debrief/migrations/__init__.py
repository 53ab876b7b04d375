"""Migrations of debrief."""
