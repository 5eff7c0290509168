"""Puts the sections of a run in the place of those of the same name: python tables.py RESULTS README"""

import re
import sys


def sections(text):
    """The sections that begin with '### NAME', by name, in order."""
    parts = re.split(r"^### (\S+)\n", text, flags=re.MULTILINE)
    return parts[0], dict(zip(parts[1::2], (part.strip("\n") for part in parts[2::2])))


results, readme = sys.argv[1:]
with open(results, encoding="utf-8") as file:
    _, fresh = sections(file.read())
with open(readme, encoding="utf-8") as file:
    head, tables = sections(file.read())
tables.update(fresh)
with open(readme, "w", encoding="utf-8") as file:
    file.write(head.rstrip("\n") + "\n")
    for name, body in tables.items():
        file.write(f"\n### {name}\n{body}\n")
