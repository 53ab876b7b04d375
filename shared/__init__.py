"""What every service shares: vocabulary, parties, refusals, the catalogue of events, and the runtime."""
