"""The services: planner, intel and debrief decide; portal shows."""
