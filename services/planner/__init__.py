"""The planner: where states plan a joint period and say what was done.

Owns: periods, plans, operations, investigation plans, updates, reports of distress, referrals, conflicts, targets, the
consent ledger, consultations, the Working Group and its programme.
Hears: portal.receipts; debrief.* is open to it.
Says: planner.periods, planner.operations (headlines), planner.details, planner.conflicts, planner.targets,
planner.consultations, planner.programme.
"""
