"""The planner: where states plan a joint period and say what was done.

Owns: periods, plans, operations, updates.
Hears: debrief.*, portal.receipts.
Says: planner.periods, planner.operations (headlines), planner.details.
"""
