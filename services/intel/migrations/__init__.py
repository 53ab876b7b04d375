"""Migrations of intel."""
