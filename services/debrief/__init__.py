"""Debrief: where what was planned and what was done come together after a period, from the events alone.

Owns: debriefs.
Hears: planner.periods, planner.operations.
Says: debrief.debriefs.
"""
