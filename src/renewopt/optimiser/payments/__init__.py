"""Payments in whole fen for whole decisions about households and phases."""
