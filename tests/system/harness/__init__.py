"""Runs the real binary and talks to it as its users do. Shares no code with it."""
