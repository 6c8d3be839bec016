"""A folder of records: load, resolve, accounts, history, checks."""
