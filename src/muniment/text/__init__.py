"""Characters to nodes and back: spans, diagnostics, reader, writer."""
