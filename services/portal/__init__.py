"""The portal: where people and programs meet the system. It shows; the others decide.

Owns: accounts, sessions, read models, what was delivered, read and purged.
Hears: every topic but the tokens'.
Says: portal.receipts.
"""
