"""Keys in memory."""
