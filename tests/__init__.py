"""Tests: behaviour in sentences, one folder a room."""
