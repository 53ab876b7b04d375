"""The planner: where states plan a joint period and say what was done.

Owns: periods, plans, operations, updates, reports of distress, conflicts, targets, consultations, the Working Group and
its programme.
Hears: portal.receipts; debrief.* is open to it.
Says: planner.periods, planner.operations (headlines), planner.details, planner.conflicts, planner.targets,
planner.consultations, planner.programme.
"""
