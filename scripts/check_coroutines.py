#!/usr/bin/env python3
"""Finds what GCC 12 miscompiles in coroutines. Usage: check_coroutines.py FILE…

GCC 12 destroys twice the results of `c ? co_await a() : co_await b()` and of `T{co_await a()}`, and aggregates that are built with
braces among the arguments of what is awaited: `co_await f({T(1)})`. Name the value on the line before.
"""
import re
import sys

NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'',
    re.S)


def blanked(text):
    """The text without comments and literals; every line stays where it was."""
    return NOISE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def level_has_semicolon(code, start):
    """Whether the braces that open at `start` hold statements."""
    depth = 0
    for at in range(start, len(code)):
        if code[at] in "{([":
            depth += 1
        elif code[at] in "})]":
            depth -= 1
            if depth == 0:
                return False
        elif code[at] == ";" and depth == 1:
            return True
    return True


def trouble_before(code, at):
    """Goes back to the beginning of the statement around the co_await."""
    depth = 0
    passed_comma = False
    for here in range(at - 1, -1, -1):
        sign = code[here]
        if sign in ")]}" and not (sign == "}" and depth == 0):
            depth += 1
        elif sign == "{" and depth == 0:
            return "stands inside braces" if not level_has_semicolon(code, here) else None
        elif sign in "([{":
            if depth > 0:
                depth -= 1
            else:
                passed_comma = False
        elif depth == 0:
            if sign in ";}":
                return None
            if sign == ",":
                passed_comma = True
            if sign == "?" and not passed_comma:
                return "stands inside ?:"
    return None


def trouble_after(code, at):
    """Goes through the operand of the co_await."""
    depth = 0
    for here in range(at, len(code)):
        sign = code[here]
        if sign in "([":
            depth += 1
        elif sign in ")]":
            if depth == 0:
                return None
            depth -= 1
        elif sign == "{":
            return "has braces in its operand" if depth > 0 else None
        elif sign == ";" or (sign == "," and depth == 0):
            return None
    return None


def main(names):
    problems = []
    for name in names:
        with open(name, encoding="utf-8") as file:
            code = blanked(file.read())
        for found in re.finditer(r"\bco_await\b", code):
            line = code.count("\n", 0, found.start()) + 1
            for trouble in (trouble_before(code, found.start()), trouble_after(code, found.end())):
                if trouble:
                    problems.append(f"{name}:{line}: co_await {trouble}: GCC 12 destroys such values twice; name the value first")
    print("\n".join(problems) or f"{len(names)} files await nothing inside braces or ?:")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
