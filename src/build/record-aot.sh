#!/bin/sh
# Records the ahead-of-time cache of a packaged folder, so that the core is up sooner. It belongs to the folder's jars and
# to the Java that recorded it; others run without it.
#
#   record-aot.sh target/respawn
#
# It has two layers. What the core needs is loaded and linked before the program begins: lib/respawn.aot. What comes on top
# of it, the framework, is loaded when it is needed: lib/respawn.jsa. All in one would have the core wait until ten thousand
# classes are there.
#
# For the first layer the sidecar runs without its framework and becomes a new image, which is what the recording is of;
# that one takes up a configuration with many services, since the cache also says what is called often, and that is compiled
# early. For the second it is run as users run it: services start, fail, come back and are stopped, and the API is asked.
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

configure() { # number of services
  printf '%s\n' 'respawn:' '  id: aot' "  state-directory: $work/state" '  shutdown-timeout: 10s' \
    '  budget: { permits: 1000, burst: 1000, max-starting: 100 }' '  services:'
  i=0
  while [ $i -lt "$1" ]; do
    i=$((i + 1))
    printf '%s\n' "    s$i:" "      command: [ /bin/sh, -c, \"echo up; : >$work/up-\$RESPAWN_SERVICE; exec sleep 30\" ]" \
      '      restart: { backoff: { delay: 10ms } }' '      stop: { grace-period: 2s }'
  done
  printf '%s\n' '    failing:' '      command: [ /bin/sh, -c, "echo down >&2; exit 1" ]' \
    '      restart: { backoff: { delay: 50ms, limit: 200ms } }' \
    '    asked:' '      command: [ /bin/sh, -c, "exec sleep 30" ]' \
    '      readiness-probe: { exec: { command: [ "true" ] } }' \
    '      output: { file: { max-size: 64KiB } }'
}

run() { # options of the virtual machine, standard input
  QUARKUS_HTTP_PORT=0 QUARKUS_MANAGEMENT_PORT=0 RESPAWN_STATE_DIRECTORY="$work/state" RESPAWN_JAVA_OPTS="$1" \
    "$home/bin/respawn" run --config "$work/respawn.yaml" <"${2:-/dev/null}" >"$work/log" 2>&1 &
  sidecar=$!
}

await() { # what, command
  left=150
  until eval "$2"; do
    left=$((left - 1))
    [ $left -gt 0 ] && kill -0 "$sidecar" 2>/dev/null || fail "see $1 while recording:"
    sleep 0.2
  done
}

end() { # the file that it leaves
  kill -TERM "$sidecar"
  wait "$sidecar" || fail "end the run that was to be recorded:"
  sidecar=
  [ -s "$1" ] || fail "find what was recorded:"
}

rm -f "$home/lib/respawn.aot" "$home/lib/respawn.jsa" "$home/lib/respawn.jars"
configure 1 >"$work/respawn.yaml"
run "-Drespawn.core-alone=true -XX:AOTCacheOutput=$work/respawn.aot"
await "a service" '[ -e "$work/up-s1" ]'
configure 400 >"$work/respawn.yaml"
kill -USR1 "$sidecar"
await "400 services in a new image" '[ "$(ls "$work" | grep -c "^up-")" = 400 ]'
end "$work/respawn.aot"

rm -rf "$work/state"
# The upper layer notes the path of the lower one, and is refused where nothing has that path. Folders move: so it is one
# that every process has. Which file is the lower one is then told by the launcher, and checked by its sum.
run "-XX:SharedArchiveFile=/proc/self/fd/0 -XX:ArchiveClassesAtExit=$work/respawn.jsa" "$work/respawn.aot"
await "the API" 'grep -q "Listening on" "$work/log"'
url=$(sed -n 's/.*Listening on: \(http:[^ ]*[0-9]\).*/\1/p' "$work/log")
"$home/bin/respawn" status --url "$url" >/dev/null
"$home/bin/respawn" restart s1 --wait --url "$url" >/dev/null
"$home/bin/respawn" scale s2 2 --wait --url "$url" >/dev/null
end "$work/respawn.jsa"

mv "$work/respawn.aot" "$work/respawn.jsa" "$home/lib/"
# Not every virtual machine compares them with those that are there later: so the launcher does.
(cd "$home/lib" && stat -c '%s %Y %n' quarkus-run.jar ./*/*.jar ./lib/*/*.jar) >"$home/lib/respawn.jars"
for layer in respawn.aot respawn.jsa; do
  printf '%s\n' "Recorded $home/lib/$layer, $(($(wc -c <"$home/lib/$layer") / 1048576)) MiB"
done
