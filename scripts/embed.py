#!/usr/bin/env python3
"""Writes a C++ file that holds files as a table, see src/web/embedded.h. Usage: embed.py TABLE OUT.cpp FILE..."""
import os
import sys

table, out, files = sys.argv[1], sys.argv[2], sorted(sys.argv[3:])
os.makedirs(os.path.dirname(out), exist_ok=True)
with open(out, "w") as cpp:
    cpp.write('#include "web/embedded.h"\n\nnamespace backtalk::web {\n\nnamespace {\n')
    for number, path in enumerate(files):
        with open(path, "rb") as file:
            data = file.read()
        cpp.write(f"constexpr unsigned char file_{number}[] = {{{','.join(map(str, data))},0}};\n")
    cpp.write("EmbeddedFile const files[] = {\n")
    for number, path in enumerate(files):
        cpp.write(f'    EmbeddedFile("{os.path.basename(path)}", file_{number}, sizeof file_{number} - 1),\n')
    cpp.write(f"}};\n}}  // namespace\n\nstd::span<EmbeddedFile const> const {table} = files;\n\n}}  // namespace backtalk::web\n")
