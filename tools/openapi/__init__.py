"""Parts of tools/openapi.py."""
