"""PivotKV: which entries of the KV cache stay."""
