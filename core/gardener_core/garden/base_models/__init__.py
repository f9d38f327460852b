"""What the models door is made of."""
