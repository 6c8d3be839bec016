"""Statutory packs."""
