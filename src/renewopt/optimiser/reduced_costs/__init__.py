"""What it would cost to settle one household otherwise: reduced costs at the prices of a relaxation, and re-solves."""
