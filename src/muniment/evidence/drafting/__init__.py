"""Records that a language model proposes, kept only where every quotation stands in the document that was sent."""
