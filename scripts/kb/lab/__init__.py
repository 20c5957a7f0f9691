"""The lab: real pips, an index on loopback, and what they print."""
