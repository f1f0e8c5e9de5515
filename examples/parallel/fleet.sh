#!/usr/bin/env bash
# Runs a fleet in shards under GNU parallel, joins their documents, and exits with the exit code of the whole fleet:
#
#   fleet.sh plan 10 runs/plan fleet.yaml --token-dir tokens
#   fleet.sh apply 10 runs/canary fleet.yaml --wave canary --token-dir tokens --yes --wait-for-lock 600
#
# Run it again with the same folder to resume, or with another one to start over. JOBS is the number of
# shards at once, TRIES is how often a shard is tried, RETRY_AFTER is the number of seconds between tries.
set -uo pipefail

if [ "$1" = --shard ]; then
  shard=$2 verb=$3 dir=$4
  shift 4
  run="$dir/shard-${shard%/*}"
  for ((try = 1; ; try++)); do
    if [ -e "$run/fleet.json" ]; then from=(--resume "$run"); else from=(--shard "$shard" --out "$run"); fi
    domo-roles fleet "$verb" "$@" "${from[@]}" >/dev/null
    code=$?
    # 0 and 2: done. 3 and 4: needs attention. 1 and 5: retry.
    case $code in 1 | 5) ((try < ${TRIES:-3})) && sleep "${RETRY_AFTER:-20}" && continue ;; esac
    exit "$code"
  done
fi

verb=$1 count=$2 dir=$3
shift 3
seq "$count" | parallel --quote --jobs "${JOBS:-4}" --tag --line-buffer \
  "$0" --shard "{}/$count" "$verb" "$dir" "$@"
logs=("$dir"/shard-*/fleet.jsonl)
domo-roles fleet merge "${logs[@]%/fleet.jsonl}" --out "$dir-merged"
