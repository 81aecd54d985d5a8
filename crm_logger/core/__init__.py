"""What decides: plain functions of plain values, without I/O, clock or log."""
