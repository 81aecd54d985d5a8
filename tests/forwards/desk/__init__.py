"""Mail as clients really write it, from memory of them and in ignorance of the parser: forwards in their makes of HTML, and what is none."""
