"""What methods are called with, and how that ends."""
