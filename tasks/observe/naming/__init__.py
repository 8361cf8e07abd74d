"""What a quantity is a quantity of: rules by what they are about, asked in the order of `order.py`."""
