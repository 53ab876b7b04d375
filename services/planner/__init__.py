"""The planner: where states plan a joint period and say what was done.

Owns: periods, plans, operations, updates.
Hears: nothing yet; debrief.* and portal.receipts are open to it.
Says: planner.periods, planner.operations (headlines), planner.details.
"""
