#!/bin/sh
# See page.py.
exec python3 "$(dirname "$0")/page.py" "$@"
