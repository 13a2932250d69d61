"""Reports: one HTML file that opens offline, prints to A4, and speaks English or Chinese."""
