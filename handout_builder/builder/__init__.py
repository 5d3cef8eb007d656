"""Many products: which are stale, made side by side, remembered."""
