"""How results are printed in a terminal, or as JSON."""
