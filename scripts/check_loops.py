#!/usr/bin/env python3
"""Finds loops over a part of a value that is gone before they begin. Usage: check_loops.py FILE…

`for (auto x : found().value())` and `for (auto x : split(made(), ' '))` keep what found() and made() return in C++23 (clang 19 does), but
GCC 12 lets it go: the loop reads freed memory. Name the value on the line before. NB: text, not types: split() of a view is let through only
where it is a substr() or a text() of a row.
"""
import re
import sys

from check_coroutines import blanked

LOOP = re.compile(r"\bfor \((?:[^;(){}]|\[[^\]]*\])*? : (?P<over>[^;{}]*?)\)\s*(?:\n|\{)", re.S)
PART_OF_RESULT = re.compile(r"\)\s*\.value\(\)|\*\s*[\w:.>-]+\([^*]*\)$")
SPLIT_OF_RESULT = re.compile(r"\bsplit\((?!.*\.(?:substr|text)\()[\w:.>-]+\(", re.S)


def main(names):
    problems = []
    for name in names:
        with open(name, encoding="utf-8") as file:
            code = blanked(file.read())
        for loop in LOOP.finditer(code):
            if PART_OF_RESULT.search(loop["over"]) or SPLIT_OF_RESULT.search(loop["over"]):
                line = code.count("\n", 0, loop.start()) + 1
                problems.append(f"{name}:{line}: a loop over a part of a value that GCC 12 lets go: name the value first")
    print("\n".join(problems) or f"{len(names)} files loop over what lives")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
