"""Model trainers fit models and predict with them."""
