#!/usr/bin/env python3
"""Checks that every test and file that docs/protocols names is there. Usage: check_named_tests.py PROJECT-FOLDER

In a table a sentence in quotes in the last column is a test case of src/, `e2e/…_test.py` a file of test/e2e, test_… a test of a file that
the row names, else of one that the document names, and `room/file.cpp` a file of src/, themes/ or the project.
"""
import pathlib
import re
import sys

CASE = re.compile(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
END_TO_END = re.compile(r"`(?:test/)?e2e/(\w+_test\.py)`")
TEST = re.compile(r"\btest_\w+")
FILE = re.compile(r"`([a-z_0-9]+/[a-z_0-9/]+\.(?:cpp|h|py|mustache|json|md))`")


def problems_of(row, named_before, cases, end_to_end, project):
    for case in STRING.findall(re.split(r"(?<!\\)\|", row)[-2]):
        if case not in cases:
            yield f'there is no test case "{case}"'
    named = END_TO_END.findall(row)
    for file in named:
        if file not in end_to_end:
            yield f"there is no test/e2e/{file}"
    for test in TEST.findall(END_TO_END.sub("", row)):
        if not any(f"def {test}(" in end_to_end.get(file, "") for file in named or named_before):
            yield f"there is no {test} in {', '.join(named or named_before)}"
    for file in FILE.findall(END_TO_END.sub("", row)):
        if not any((project / folder / file).exists() for folder in ("src", "themes", ".")):
            yield f"there is no {file}"


def main():
    project = pathlib.Path(sys.argv[1])
    cases = set()
    for file in (project / "src").rglob("*_test.cpp"):
        for found in CASE.findall(file.read_text()):
            cases.add("".join(STRING.findall(found)).replace('\\"', '"'))
    end_to_end = {file.name: file.read_text() for file in (project / "test" / "e2e").glob("*_test.py")}
    problems = []
    for document in sorted((project / "docs" / "protocols").glob("*.md")):
        text = document.read_text()
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("|"):
                found = problems_of(line, END_TO_END.findall(text), cases, end_to_end, project)
                problems += [f"{document.relative_to(project)}:{number}: {problem}" for problem in found]
    print("\n".join(problems) or f"all that docs/protocols names is there, among {len(cases)} test cases")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
