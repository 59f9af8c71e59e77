"""Subjects that lines share: waves, duty rosters, stocks, the programme. Places go by round, in a fixed order."""
