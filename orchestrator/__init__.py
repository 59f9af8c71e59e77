"""What is decided: what is known, the fold, the gate, reachability, planning. Pure: no clock, no I/O, no ids."""
