"""Answers as text: tables, JSON, CSV, Markdown. Nothing here prints."""
