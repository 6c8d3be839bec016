"""Who decides: compiled rules, coalitions, power."""
