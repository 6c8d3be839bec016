"""Readers: the text of a file of each format, with what must be known of how it was had."""
