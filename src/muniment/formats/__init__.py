"""Formats of others: books from and to the Open Cap Format."""
