"""What is in a table: the profile of every field, table and dataset."""
