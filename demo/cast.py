"""Who plays in the demo's week."""

from __future__ import annotations

from demo.mails.mime import Someone

ANN = Someone("Ann Archer", "ann@acme.test")
ANN_ALIAS = Someone("Ann Archer", "ann.archer@acme.test")
ANN_CONNECTED = Someone("Ann Archer", "ann.archer@home.example")
BOB = Someone("Bob Baker", "bob@acme.test")
FAY = Someone("Fay Foster", "fay@acme.test")
GUS = Someone("Gus Gray", "gus@acme.test")

CARL = Someone("Carl Client", "carl@client.example")
DORA = Someone("Dora Dunn", "dora@client.example")
GRETA = Someone("Greta Gold", "greta@gold.example")
HANNA = Someone("Hanna Holm", "hanna@holm.example")
JUERGEN = Someone("Jürgen Groß", "juergen@gross.example")

LAWYER = Someone("Lena Law", "lena@counsel.example")
DOCTOR = Someone("Dr. Dale", "practice@clinic.example")
EVE = Someone("Ann Archer", "eve@nobody.example")
"""Eve writes under Ann's name."""
SPAMMER = Someone("Webinar Team", "hello@webinar.example")
