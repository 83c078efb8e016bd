"""Tables as received and as kept: reading files, storing versions, opening them again."""
