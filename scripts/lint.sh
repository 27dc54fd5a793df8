#!/usr/bin/env bash
# Layout, rooms, Python, what GCC 12 gets wrong, and clang-tidy. Says everything that is wrong, then ends with 1.
# Usage: lint.sh [--all | COMMIT]   clang-tidy looks at all sources, or at those changed since COMMIT (default: the last commit's parent)
#                                   and those that include a changed header.
set -euo pipefail
cd "$(dirname "$0")/.."
since=${1:-HEAD~1}
failed=()
step() {
    echo "== $1"
    shift
    "$@" || failed+=("$*")
}

mapfile -t sources < <(git ls-files '*.h' '*.cpp')
check_layout() { printf '%s\0' "${sources[@]}" | grep -zv '_table\.h$' | xargs -0 -n 40 -P "$(nproc)" clang-format-19 --dry-run -Werror; }
check_python() {
    git ls-files -z '*.py' | xargs -0 python3 -c '
import sys
for name in sys.argv[1:]:
    compile(open(name, encoding="utf-8").read(), name, "exec")'
}
check_loops() { printf '%s\0' "${sources[@]}" | xargs -0 python3 scripts/check_loops.py; }
check_coroutines() { printf '%s\0' "${sources[@]}" | xargs -0 python3 scripts/check_coroutines.py; }

# The sources of src/ and test/ that clang-tidy shall see, one a line.
sources_to_tidy() {
    if [ "$since" = --all ] || ! git rev-parse -q --verify "$since^{commit}" >/dev/null; then
        git ls-files 'src/*.cpp' 'test/*.cpp'
        return
    fi
    git diff --name-only --diff-filter=d "$since" -- 'src/*.cpp' 'test/*.cpp'
    git diff --name-only --diff-filter=d "$since" -- 'src/*.h' | sed 's|^src/||' | while read -r header; do
        git grep -lF "#include \"$header\"" -- 'src/*.cpp' 'test/*.cpp' || true
    done
}

check_tidy() {
    # A configuration without precompiled headers and benchmarks: nothing has to be built for it.
    cmake --preset dev -B build/lint -DBACKTALK_BENCH=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
    sources_to_tidy | sort -u | grep -v '^test/pch\.cpp$' | xargs -r -n 1 -P "$(nproc)" \
        clang-tidy-19 -p build/lint --quiet --extra-arg-before=-include"$PWD/cmake/std.h" 2>/dev/null
}

step "every include follows the table of rooms" python3 scripts/check_rooms.py .
step "Python compiles" check_python
step "no co_await where GCC 12 errs" check_coroutines
step "no loop over what GCC 12 lets go" check_loops
step "layout (make format mends it)" check_layout
step "clang-tidy" check_tidy
if [ ${#failed[@]} -gt 0 ]; then
    printf 'lint: failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "lint: nothing to complain about"
