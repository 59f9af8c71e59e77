"""The exhaustive check: the real decisions together with the world's own model, in every order within k deviations."""
