#!/usr/bin/env python3
"""Writes html_entities_table.h, the named character references of the HTML standard. Usage: html_entities_table.py > html_entities_table.h

Source of the facts: https://html.spec.whatwg.org/multipage/named-characters.html, as Python's html.entities has them.
"""
from html.entities import html5


def main():
    entries = []
    for name in sorted(n[:-1] for n in html5 if n.endswith(";")):
        points = [ord(c) for c in html5[name + ";"]] + [0]
        legacy = "true" if name in html5 else "false"
        assert legacy == "false" or html5[name] == html5[name + ";"]
        entries.append(f'{{"{name}", 0x{points[0]:X}, 0x{points[1]:X}, {legacy}}},')
    assert 2 * sum("true" in e for e in entries) + sum("false" in e for e in entries) == len(html5)
    print("// Written by html_entities_table.py: the named character references of the HTML standard, sorted.")
    print("// Name without \";\", first and second code point (0: none), whether it also counts without \";\".")
    line = ""
    for entry in entries:
        if line and len(line) + 1 + len(entry) > 138:
            print(line)
            line = ""
        line += (" " if line else "") + entry
    print(line)


if __name__ == "__main__":
    main()
