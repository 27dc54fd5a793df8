#!/usr/bin/env bash
# Fuzzes every parser for MINUTES (default 10) each, as many at once as there are cores. A finding ends with its input in
# build/fuzz/findings/ and exit status 1.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${MINUTES:-10}
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j "$(nproc)"
mkdir -p build/fuzz/findings
fuzz() {
    local program=$1 subject=$2 corpus=build/fuzz/corpus/$2
    mkdir -p "$corpus"
    cp -n "test/data/fuzz/$subject/"* "$corpus/"
    "$program" -max_total_time=$((minutes * 60)) -max_len=65536 -timeout=20 -artifact_prefix="build/fuzz/findings/$subject-" "$corpus" >"build/fuzz/$subject.log" 2>&1 ||
        { echo "$subject: FOUND something, see build/fuzz/$subject.log"; return 1; }
    echo "$subject: $(grep -Eo '^Done [0-9]+ runs' "build/fuzz/$subject.log"), no finding"
}
export -f fuzz
export minutes
for source in test/fuzz/*_fuzz.cpp; do
    subject=$(basename "$source" _fuzz.cpp)
    echo "build/fuzz/test/fuzz/${subject}_fuzz $subject"
done | xargs -P "$(nproc)" -L 1 bash -c 'fuzz "$0" "$1"'
