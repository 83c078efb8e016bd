"""The method passport: its model, its reader with lines, its checks and its fingerprint."""
