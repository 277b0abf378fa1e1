"""What other programs see of a library, by the Model Context Protocol: tools that only read, and pictures.

Only `server`, `stdio` and `http` know the protocol's SDK, which comes with the extra `mcp`.
"""
