"""Paths to control: whether a coalition can come to decide a matter by moves that the rules allow."""
