"""The formats that tables come in, one file each; ``kaishu.lake.reading.registry`` lists them."""
