"""Exporting moments, clips and pages."""
