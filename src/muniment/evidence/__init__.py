"""Sources and quotations: documents, quotation states, disputes."""
