"""Who gets paid: cap table, waterfall, distributions."""
