"""Subjects that lines share: waves, duty rosters, kit stocks, the programme. Contended places go by round, in a fixed order."""
