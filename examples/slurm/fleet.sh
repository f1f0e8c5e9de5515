#!/usr/bin/env bash
#SBATCH --job-name=domo-roles
#SBATCH --requeue
#SBATCH --open-mode=append
# Goes over a fleet in shards as an array of Slurm, joins what came of them, and ends with the exit code of the whole:
#
#   fleet.sh plan 10 runs/plan fleet.yaml --token-dir tokens
#   fleet.sh apply 10 runs/canary fleet.yaml --wave canary --token-dir tokens --yes --wait-for-lock 600
#
# Everything lies on a file system that all nodes share. Run it again with the same folder to take up what is left, and
# with another one to begin anew. JOBS is the number of shards at once, TRIES how often a shard is tried, RETRY_AFTER the
# seconds in between. The tasks print to files in DIR-logs.
set -uo pipefail
verb=$1 count=$2 dir=$3

if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  mkdir -p "$dir-logs"
  id=$(sbatch --parsable --array="1-$count%${JOBS:-4}" --output="$dir-logs/%a.log" "$0" "$@") || exit 1
  # However they end.
  srun --quiet --dependency="afterany:$id" true
  logs=("$dir"/shard-*/fleet.jsonl)
  domo-roles fleet merge "${logs[@]%/fleet.jsonl}" --out "$dir-merged"
  exit
fi

shift 3
run="$dir/shard-$SLURM_ARRAY_TASK_ID"
# Locks of this task alone: one that was lost with its node would never be free again. Each instance is in one task.
XDG_STATE_HOME=$(mktemp -d)
export XDG_STATE_HOME
trap 'rm -r "$XDG_STATE_HOME"' EXIT
for ((try = 1; ; try++)); do
  if [ -e "$run/fleet.json" ]; then from=(--resume "$run"); else from=(--shard auto --out "$run"); fi
  domo-roles fleet "$verb" "$@" "${from[@]}" >/dev/null
  code=$?
  # 0 and 2: done. 3 and 4: a person is needed. 1 and 5 may pass.
  case $code in 1 | 5) ((try < ${TRIES:-3})) && sleep "${RETRY_AFTER:-20}" && continue ;; esac
  exit "$code"
done
