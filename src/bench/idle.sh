#!/usr/bin/env bash
# How much processor time an idle sidecar with 200 services takes: the core's threads, and the whole virtual machine.
#
#   ./mvnw -Dquickly && src/bench/idle.sh
#
# By environment: SERVICES (200), SECONDS_MEASURED (60), SETTLE (20, seconds after the start that do not count), JVM (further
# options for the virtual machine), KAFKA (a bootstrap server; none unless given; one that is away measures the waiting).
# The core is the loop, the spawner, the reader of output, the console and the log's writer; no service has a probe.
# Ends with 1 if the core takes 0.2 % of one processor or more.
set -euo pipefail

readonly SERVICES=${SERVICES:-200} SECONDS_MEASURED=${SECONDS_MEASURED:-60} SETTLE=${SETTLE:-20}
readonly CORE='respawn-loop|respawn-spawner|respawn-output|respawn-console|respawn-sampler|respawn-schedul|respawn-launch|respawn-compres|journal-.*|pool-[0-9]+-thread'
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/respawn-bench-XXXXXX")
readonly home work
sidecar=

finish() {
  if [[ -n $sidecar ]]; then
    kill -TERM "$sidecar" 2>/dev/null || true
    wait "$sidecar" || true
  fi
  rm -rf -- "$work"
}
trap finish EXIT

{
  printf 'respawn:\n  id: bench\n  state-directory: %s/state\n  budget: { max-starting: 1000 }\n  services:\n' "$work"
  for ((i = 1; i <= SERVICES; i++)); do
    printf '    s%d: { command: [ sleep, "86417" ] }\n' "$i"
  done
  [[ -z ${KAFKA:-} ]] || printf 'kafka: { bootstrap.servers: "%s" }\n' "$KAFKA"
} >"$work/respawn.yaml"

# Thread, name and processor time in nanoseconds; ticks of 10 ms, as in stat, would be too coarse.
threads() {
  local task
  for task in /proc/"$sidecar"/task/*; do
    printf '%s\t%s\t%s\n' "${task##*/}" "$(cat "$task/comm")" "$(cut -d ' ' -f 1 "$task/schedstat")"
  done
}

QUARKUS_HTTP_PORT=0 QUARKUS_MANAGEMENT_PORT=0 RESPAWN_JAVA_OPTS=${JVM:-} \
  "$home/target/respawn/bin/respawn" run --config "$work/respawn.yaml" >"$work/log" 2>&1 </dev/null &
sidecar=$!
sleep "$SETTLE"
running=$(pgrep -c -P "$sidecar" || true)
((running == SERVICES)) || { echo "idle: Cannot measure $SERVICES services: $running run" >&2; exit 2; }
threads >"$work/before"
sleep "$SECONDS_MEASURED"
threads >"$work/after"

awk -F '\t' -v core="^($CORE)" -v seconds="$SECONDS_MEASURED" -v sort='sort -b -k1.20 -rn' '
  NR == FNR { before[$1] = $3; next }
  { used = ($3 - before[$1]) / 1e7; all += used; if ($2 ~ core) ours += used; by[$2] += used }
  END {
    for (name in by) if (by[name] / seconds >= 0.0005) printf "  %-18s %6.3f %%\n", name, by[name] / seconds | sort
    close(sort)
    printf "core               %6.3f %% of one processor, promised 0.2 %%: %s\n", ours / seconds, ours / seconds < 0.2 ? "kept" : "BROKEN"
    printf "virtual machine    %6.3f %%\n", all / seconds
    exit ours / seconds >= 0.2
  }' "$work/before" "$work/after"
