#!/usr/bin/env bash
# Everything that is measured, each beside its peer in the same run. Figures of a quiet machine go to docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release -DBACKTALK_BENCH=ON >/dev/null
cmake --build --preset release -j "$(nproc)"
echo "== pages: the real server with ready pages, nginx with the same bytes in files, a bare epoll loop"
bench/page.sh --build build/release
echo "== the whole program: import, memory, pings, checks"
python3 bench/whole.py --program build/release/backtalk --store-bench build/release/bench/store_bench "$@"
echo "== checks: pings that wait on disk, until all sources are fetched, read and stored"
python3 bench/checks.py --program build/release/backtalk
echo "== parsers and pages in one thread (CPU time)"
for bench in html source_page url markdown movable_type template; do
    build/release/bench/${bench}_bench --benchmark_min_time=0.3 2>/dev/null
done
build/release/bench/microformats_bench --benchmark_min_time=0.3 2>/dev/null
echo "== microformats: the same pages through microformats-parser (npm) and mf2py"
python3 bench/microformats_peers.py
