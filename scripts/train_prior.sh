#!/bin/sh
# Makes data/judge/prior.bin, what the judge knows before an owner has said anything, from the texts in the folder FIXTURES (see
# docs/spam.md). The same texts give the same bytes; the texts themselves stay outside the tree, and cannot be read from the prior.
# Usage: scripts/train_prior.sh BACKTALK FIXTURES [OUT]
set -eu
backtalk=$1
fixtures=$2
out=${3:-$(dirname "$0")/../data/judge/prior.bin}
"$backtalk" judge --train "$out" "$fixtures/linkbacks.jsonl" "$fixtures/trackback-spam-synthetic.jsonl" "$fixtures/comments-ham.jsonl" \
    "$fixtures/youtube-comments.jsonl" "$fixtures/sms.jsonl"
