"""What the code of the driver does with the results of calls, read from its source."""
