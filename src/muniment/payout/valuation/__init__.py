"""What claims are worth before a sale: option pricing over the exact curve, its inverse, and simulated exits."""
