#!/usr/bin/env bash
#SBATCH --job-name=domo-roles
#SBATCH --requeue
#SBATCH --open-mode=append
# Runs a fleet in shards as a Slurm array, joins their documents, and exits with the exit code of the whole fleet:
#
#   fleet.sh plan 10 runs/plan fleet.yaml --token-dir tokens
#   fleet.sh apply 10 runs/canary fleet.yaml --wave canary --token-dir tokens --yes --wait-for-lock 600
#
# All files are on a file system that the nodes share. Run it again with the same folder to resume, or with another
# one to start over. JOBS is the number of shards at once, TRIES is how often a shard is tried, RETRY_AFTER is the number of
# seconds between tries. The output of the tasks is in DIR-logs.
set -uo pipefail
verb=$1 count=$2 dir=$3

if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  mkdir -p "$dir-logs"
  id=$(sbatch --parsable --array="1-$count%${JOBS:-4}" --output="$dir-logs/%a.log" "$0" "$@") || exit 1
  # Also after failures.
  srun --quiet --dependency="afterany:$id" true
  logs=("$dir"/shard-*/fleet.jsonl)
  domo-roles fleet merge "${logs[@]%/fleet.jsonl}" --out "$dir-merged"
  exit
fi

shift 3
run="$dir/shard-$SLURM_ARRAY_TASK_ID"
# Locks of this task only: the lock of a lost node would never be released. Each instance is in one task.
XDG_STATE_HOME=$(mktemp -d)
export XDG_STATE_HOME
trap 'rm -r "$XDG_STATE_HOME"' EXIT
for ((try = 1; ; try++)); do
  if [ -e "$run/fleet.json" ]; then from=(--resume "$run"); else from=(--shard auto --out "$run"); fi
  domo-roles fleet "$verb" "$@" "${from[@]}" >/dev/null
  code=$?
  # 0 and 2: done. 3 and 4: needs attention. 1 and 5: retry.
  case $code in 1 | 5) ((try < ${TRIES:-3})) && sleep "${RETRY_AFTER:-20}" && continue ;; esac
  exit "$code"
done
