"""Keys that the Static provider hands out."""
