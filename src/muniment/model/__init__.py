"""Nodes to typed, frozen records: vocabulary, values, rules."""
