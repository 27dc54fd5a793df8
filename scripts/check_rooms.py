#!/usr/bin/env python3
"""Checks that every #include in src/ follows the table in src/rooms.txt. Usage: check_rooms.py PROJECT-FOLDER"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def main():
    source = pathlib.Path(sys.argv[1]) / "src"
    allowed = {}
    for line in (source / "rooms.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            room, _, others = line.partition(":")
            allowed[room] = set(others.split()) | {room}
    problems = []
    files = [f for f in sorted(source.rglob("*")) if f.suffix in (".h", ".cpp")]
    for file in files:
        room = file.relative_to(source).parts[0]
        if room not in allowed:
            problems.append(f"{file}: {room} is no room of rooms.txt")
            continue
        for name in INCLUDE.findall(file.read_text()):
            other = name.split("/")[0]
            if "/" not in name:
                problems.append(f'{file}: "{name}" does not name its room')
            elif other not in allowed[room]:
                problems.append(f'{file}: {room} may not include "{name}"')
    print("\n".join(problems) or f"{len(files)} files follow the table of {len(allowed)} rooms")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
