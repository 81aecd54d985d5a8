"""Both sides of one question: header lines that a person quotes without forwarding, and forwards whose subject the user wrote anew."""
