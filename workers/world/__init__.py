"""The simulated world: providers, networks, carrier, people, behind the same doors as the real ones, and its truth."""
