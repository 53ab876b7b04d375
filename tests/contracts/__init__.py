"""What was promised to readers of events: an example and a schema of every version, kept for ever.

`golden/<type>.json` is the services' edition of one event as it stood on the topic; it is never edited.
`schemas/<type>.json` is the JSON Schema of its data. It gains optional fields and nothing
else. After adding a type or such a field: `python -m tests.contracts.export`.
"""
