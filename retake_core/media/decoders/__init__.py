"""What decodes video: one file a decoder, and the choice between them."""
