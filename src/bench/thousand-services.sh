#!/usr/bin/env bash
# Respawn beside s6 and runit with 1,000 services: how long until all run, and after a SIGKILL of all, until all are back.
#
#   ./mvnw -DskipTests package && src/bench/thousand-services.sh
#
# Needs the Debian packages s6 and runit (apt-get install s6 runit), a JDK 25, and open files for all (ulimit -n 20000).
# By environment: SERVICES (1000), ROUNDS (5), CONTENDERS ("respawn s6 runit"), SETTLE (5, seconds between start and kill),
# JVM (further options for Respawn's virtual machine).
#
# The contenders take turns, ROUNDS times. All three run the same program, a script that says its pid into one pipe and
# becomes `sleep`; so the pipe's reader, a single `head`, is the only observer, and costs the same for all.
#   start  from the exec of the supervisor to the last of the first words of all services
#   back   from one kill(1) that sends SIGKILL to all services to the last of the first words of all replacements
# s6-supervise and runsv let a second pass between two starts of a service; SETTLE makes sure that they need not here.
# Respawn: what is packaged in target/respawn, no Kafka configured, budget and max-starting wide open, a backoff of 0 s,
# output through its pipes as always. Its services' directories, those of s6 and those of runit lie on the same disk.
# Ends with 1 if the medians break what is promised: start <= 1.25 x, back <= 1.0 x the faster of the others.
set -euo pipefail
shopt -s inherit_errexit

readonly SERVICES=${SERVICES:-1000} ROUNDS=${ROUNDS:-5} SETTLE=${SETTLE:-5} CONTENDERS=${CONTENDERS:-respawn s6 runit}
readonly LONGEST=180
home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly home

fail() {
  printf '%s\n' "thousand-services: Cannot $1" >&2
  exit 2
}

for tool in s6-svscan s6-supervise runsvdir runsv; do
  command -v "$tool" >/dev/null || fail "find $tool: apt-get install s6 runit"
done
[[ -x $home/target/respawn/bin/respawn ]] || fail "find target/respawn: build it with ./mvnw -DskipTests package"
needed=$((SERVICES * 8 + 500))
if (($(ulimit -n) < needed)); then
  ulimit -n "$needed" 2>/dev/null || fail "have $needed open files: raise the limit (ulimit -n), which is $(ulimit -n)"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/respawn-bench-XXXXXX")
readonly work
supervisor=
pids=()

# Ends only what was started here: the supervisor by its pid, and its services by theirs.
finish() {
  if [[ -n $supervisor ]] && kill -0 "$supervisor" 2>/dev/null; then
    stop_supervisor
  fi
  rm -rf -- "$work"
}
trap finish EXIT

mkfifo "$work/up"
exec 3<>"$work/up"

cat >"$work/run" <<END
#!/bin/sh
echo \$\$ >$work/up
exec sleep 86417
END
chmod +x "$work/run"

directories() {
  mkdir "$work/$1"
  for ((i = 1; i <= SERVICES; i++)); do
    mkdir "$work/$1/s$i"
    ln "$work/run" "$work/$1/s$i/run"
  done
}

configuration() {
  cat <<END
respawn:
  id: bench
  state-directory: $work/respawn/state
  budget: { permits: 100000, interval: 1s, burst: 100000, max-starting: 100000 }
  services:
END
  for ((i = 1; i <= SERVICES; i++)); do
    printf '    s%d: { command: [ "%s/run" ], restart: { backoff: { delay: 0s } } }\n' "$i" "$work"
  done
}

# What an earlier round left is only put aside: ext4 is slow to make files where many were removed a moment ago.
prepare() {
  [[ ! -e $work/$1 ]] || mv -- "$work/$1" "$work/$1.before-$round"
  case $1 in
    respawn)
      mkdir "$work/respawn"
      configuration >"$work/respawn/respawn.yaml"
      ;;
    *) directories "$1" ;;
  esac
}

launch() {
  case $1 in
    respawn)
      QUARKUS_HTTP_PORT=0 QUARKUS_MANAGEMENT_PORT=0 RESPAWN_JAVA_OPTS=${JVM:-} \
        "$home/target/respawn/bin/respawn" run --config "$work/respawn/respawn.yaml" \
        >"$work/respawn.log" 2>&1 </dev/null 3<&- &
      ;;
    s6) s6-svscan -c $((SERVICES + 10)) "$work/s6" >"$work/s6.log" 2>&1 </dev/null 3<&- & ;;
    runit) runsvdir "$work/runit" >"$work/runit.log" 2>&1 </dev/null 3<&- & ;;
  esac
  supervisor=$!
}

stop_supervisor() {
  # TERM has s6-svscan and Respawn end all their services; runsvdir does so on HUP.
  local signal=TERM ended=
  [[ $(cat "/proc/$supervisor/comm") == runsvdir ]] && signal=HUP
  kill "-$signal" "$supervisor"
  for ((i = 0; i < LONGEST * 10; i++)); do
    kill -0 "$supervisor" 2>/dev/null || { ended=yes && break; }
    sleep 0.1
  done
  [[ -n $ended ]] || fail "end supervisor $supervisor"
  wait "$supervisor" || true
  supervisor=
  # The small supervisors of s6 and runit end their services by themselves and after theirs.
  local left=("${pids[@]}")
  for ((i = 0; i < LONGEST * 10 && ${#left[@]} > 0; i++)); do
    local alive=()
    for pid in "${left[@]}"; do
      kill -0 "$pid" 2>/dev/null && alive+=("$pid")
    done
    left=(${alive[@]+"${alive[@]}"})
    ((${#left[@]} == 0)) || sleep 0.1
  done
  ((${#left[@]} == 0)) || fail "see ${#left[@]} services end, such as ${left[0]}"
}

# Reads the first words of all services; the time that has passed since $1 is in $passed, in milliseconds.
await_all() {
  timeout "$LONGEST" head -n "$SERVICES" <&3 >"$work/pids" || fail "see all services run within $LONGEST s: $(wc -l <"$work/pids") do"
  passed=$(((${EPOCHREALTIME/./} - $1) / 1000))
  mapfile -t pids <"$work/pids"
}

alive() {
  local distinct
  distinct=$(sort -u "$work/pids" | wc -l)
  ((distinct == SERVICES)) || fail "count $SERVICES services: $distinct of $1 said that they run"
  kill -0 "${pids[@]}" || fail "find all services of $1 alive"
}

median() {
  sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

printf '%-8s %10s %10s   (ms, %d services)\n' "" start back "$SERVICES"
for ((round = 1; round <= ROUNDS; round++)); do
  for contender in $CONTENDERS; do
    prepare "$contender"
    began=${EPOCHREALTIME/./}
    launch "$contender"
    await_all "$began"
    start=$passed
    sleep "$SETTLE"
    alive "$contender"
    began=${EPOCHREALTIME/./}
    kill -KILL "${pids[@]}"
    await_all "$began"
    back=$passed
    alive "$contender"
    printf '%-8s %10d %10d\n' "$contender" "$start" "$back"
    echo "$start" >>"$work/$contender.start"
    echo "$back" >>"$work/$contender.back"
    stop_supervisor
  done
done

verdict=0
for what in start back; do
  best=
  for contender in $CONTENDERS; do
    middle=$(median "$work/$contender.$what")
    printf 'median %-6s %-8s %10s\n' "$what" "$contender" "$middle"
    [[ $contender == respawn ]] && ours=$middle && continue
    [[ -z $best ]] || awk "BEGIN { exit !($middle < $best) }" || continue
    best=$middle
  done
  [[ -n $best && -n ${ours:-} ]] || continue
  limit=$([[ $what == start ]] && echo 1.25 || echo 1.0)
  awk -v ours="$ours" -v best="$best" -v limit="$limit" -v what="$what" 'BEGIN {
    ratio = ours / best
    printf "%s: %.2f x the faster of the others, promised %s x: %s\n", what, ratio, limit, (ratio <= limit) ? "kept" : "BROKEN"
    exit !(ratio <= limit)
  }' || verdict=1
done
exit "$verdict"
