#!/usr/bin/env bash
# Fifty services fail at once, each of which takes some processor time to start: how long until all are back, under several
# budgets, and how late an unrelated service is meanwhile. The defaults of respawn.budget come from here (ADR 0011).
#
#   ./mvnw -Dquickly && src/bench/fifty-failures.sh
#
# Needs a JDK 25. By environment: SERVICES (50), BURN (300, milliseconds of processor time at each start), BUDGETS
# (one a word: permits/interval/burst/max-starting).
# Each service is ready when its readiness probe finds the file that it makes after its start; so max-starting counts.
# The unrelated service is a shell that notes every 20 ms how long its sleep of 20 ms took, which is what anything else on
# the machine has to expect.
set -euo pipefail

readonly SERVICES=${SERVICES:-50} BURN=${BURN:-300} LONGEST=240
readonly BUDGETS=${BUDGETS:-10/10s/20/8 10/10s/20/2 10/10s/50/2 10/10s/50/4 10/10s/50/8 10/1s/20/4 10/1s/20/8 50/1s/50/1000}
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

cat >"$work/service" <<END
#!/bin/bash
# Burns processor time, by its own clock of it, then is ready.
rm -f "$work/ready/\$1"
burnt() { read -r ns _ </proc/self/schedstat; }
burnt; until=\$((ns + $BURN * 1000000))
while burnt; ((ns < until)); do :; done
: >"$work/ready/\$1"
echo "\$\$" >>"$work/up"
exec sleep 86417
END
cat >"$work/unrelated" <<END
#!/bin/bash
mkfifo "$work/never" 2>/dev/null
exec 9<>"$work/never"
while :; do
  before=\${EPOCHREALTIME/./}
  read -r -t 0.02 -u 9 || :
  echo \$((\${EPOCHREALTIME/./} - before - 20000)) >>"$work/lateness"
done
END
chmod +x "$work/service" "$work/unrelated"

configuration() {
  IFS=/ read -r permits interval burst starting <<<"$1"
  cat <<END
respawn:
  id: bench
  state-directory: $work/state
  budget: { permits: $permits, interval: $interval, burst: $burst, max-starting: $starting }
  services:
    unrelated: { command: [ "$work/unrelated" ], priority: 100, output: { console: none } }
END
  for ((i = 1; i <= SERVICES; i++)); do
    cat <<END
    s$i:
      command: [ "$work/service", "s$i" ]
      start-timeout: 120s
      readiness-probe: { exec: { command: [ test, -e, "$work/ready/s$i" ] }, period: 200ms }
END
  done
}

await_up() {
  for ((i = 0; i < LONGEST * 20; i++)); do
    (($(wc -l <"$work/up") < $1)) || return 0
    sleep 0.05
  done
  echo "fifty-failures: Cannot see $1 starts: $(wc -l <"$work/up")" >&2
  exit 2
}

at() {
  sort -n "$work/lateness" | awk -v part="$1" '{ v[NR] = $1 } END { i = int(NR * part) + 1; if (i > NR) i = NR; print v[i] / 1000 }'
}

printf '%-18s %10s %10s %10s   (%d services, %d ms each)\n' budget 'back, s' 'p50, ms' 'p99, ms' "$SERVICES" "$BURN"
for budget in $BUDGETS; do
  rm -rf -- "$work/state" "$work/ready"
  mkdir "$work/ready"
  : >"$work/up"
  configuration "$budget" >"$work/respawn.yaml"
  QUARKUS_HTTP_PORT=0 QUARKUS_MANAGEMENT_PORT=0 "$home/target/respawn/bin/respawn" run --config "$work/respawn.yaml" \
    >"$work/log" 2>&1 </dev/null &
  sidecar=$!
  await_up "$SERVICES"
  sleep 5
  mapfile -t pids <"$work/up"
  : >"$work/lateness"
  began=${EPOCHREALTIME/./}
  kill -KILL "${pids[@]}"
  await_up $((SERVICES * 2))
  passed=$(((${EPOCHREALTIME/./} - began) / 1000))
  printf '%-18s %10s %10s %10s\n' "$budget" "$(awk "BEGIN { print $passed / 1000 }")" "$(at 0.5)" "$(at 0.99)"
  kill -TERM "$sidecar"
  wait "$sidecar" || true
  sidecar=
done
