"""An invented Dutch municipality, the same one for the same seed: nobody and nothing in it exists."""
