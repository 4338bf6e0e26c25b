"""What differs between languages: one folder each, data first, hooks where a query cannot say it."""
