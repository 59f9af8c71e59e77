"""What is decided: records of what is known, the fold, the gate, reachability, planning. Pure: no clock, no I/O, no ids made up."""
