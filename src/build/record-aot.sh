#!/bin/sh
# Records the ahead-of-time cache of a packaged folder: classes that are loaded and linked already, so that the core is up
# sooner. It belongs to the folder's jars and to the Java that recorded it; others run without it.
#
#   record-aot.sh target/respawn
#
# The sidecar is run as users run it: services start, fail, come back and are stopped, and the API is asked. They are many,
# since the cache also says what is called often, and that is compiled early.
set -eu
home=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/respawn-aot-XXXXXX")
sidecar=
finish() {
  [ -z "$sidecar" ] || kill -KILL "$sidecar" 2>/dev/null || :
  rm -rf "$work"
}
trap finish EXIT

fail() {
  printf '%s\n' "record-aot: Cannot $1" >&2
  sed 's/^/  /' "$work/log" >&2
  exit 1
}

{
  printf '%s\n' 'respawn:' '  id: aot' "  state-directory: $work/state" '  shutdown-timeout: 10s' \
    '  budget: { permits: 1000, burst: 1000, max-starting: 100 }' '  services:'
  i=0
  while [ $i -lt 400 ]; do
    i=$((i + 1))
    printf '%s\n' "    s$i:" '      command: [ /bin/sh, -c, "echo up; exec sleep 30" ]' \
      '      restart: { backoff: { delay: 10ms } }' '      stop: { grace-period: 2s }'
  done
  printf '%s\n' '    failing:' '      command: [ /bin/sh, -c, "echo down >&2; exit 1" ]' \
    '      restart: { backoff: { delay: 50ms, limit: 200ms } }' \
    '    asked:' '      command: [ /bin/sh, -c, "exec sleep 30" ]' \
    '      readiness-probe: { exec: { command: [ "true" ] } }' \
    '      output: { file: { max-size: 64KiB } }'
} >"$work/respawn.yaml"

rm -f "$home/lib/respawn.aot"
QUARKUS_HTTP_PORT=0 QUARKUS_MANAGEMENT_PORT=0 RESPAWN_STATE_DIRECTORY="$work/state" \
  RESPAWN_JAVA_OPTS="-XX:AOTCacheOutput=$work/respawn.aot" \
  "$home/bin/respawn" run --config "$work/respawn.yaml" >"$work/log" 2>&1 &
sidecar=$!

await() { # what, command
  left=150
  until eval "$2"; do
    left=$((left - 1))
    [ $left -gt 0 ] && kill -0 "$sidecar" 2>/dev/null || fail "see $1 while recording:"
    sleep 0.2
  done
}

await "the API" 'grep -q "Listening on" "$work/log"'
url=$(sed -n 's/.*Listening on: \(http:[^ ]*[0-9]\).*/\1/p' "$work/log")
"$home/bin/respawn" status --url "$url" >/dev/null
"$home/bin/respawn" restart s1 --wait --url "$url" >/dev/null
"$home/bin/respawn" scale s2 2 --wait --url "$url" >/dev/null
kill -TERM "$sidecar"
wait "$sidecar" || fail "end the run that was to be recorded:"
sidecar=
[ -s "$work/respawn.aot" ] || fail "find what was recorded:"
mv "$work/respawn.aot" "$home/lib/respawn.aot"
printf '%s\n' "Recorded $home/lib/respawn.aot, $(($(wc -c <"$home/lib/respawn.aot") / 1048576)) MiB"
