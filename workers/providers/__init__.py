"""Those outside: what we ask of them (ports), what they tell us (reports), and the adapters that speak to them."""
