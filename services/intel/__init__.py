"""Intel: where parties warn each other, and where it is kept who has seen and answered.

Owns: alerts and each recipient's line of their ledger.
Hears: portal.receipts, planner.periods (who is asked to which period).
Says: intel.alerts (headlines), intel.bodies (text).
"""
