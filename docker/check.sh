#!/usr/bin/env bash
# Builds the image and tries it for real: alone, and as the sidecar of a pod. Needs podman or docker, and for the pod
# podman and kubectl; run ./mvnw -Dquickly before. Everything runs without a network, and nothing stays but the image.
#
#   BASE     another base image with Java 25 and bash (default: the one of docker/Dockerfile)
#   FOLDER   target/respawn-native for the native executable (default: target/respawn)
#   ENGINE   podman or docker (default: podman if there is one)
set -euo pipefail

root=$(cd -P -- "$(dirname -- "$0")/.." && pwd -P)
image=localhost/respawn:check
folder=${FOLDER:-target/respawn}
container=respawn-check
pod=respawn-example-pod-0
pod_file=
engine=${ENGINE:-}
limit=60 # seconds for anything that is waited for

say() { printf 'check: %s\n' "$*"; }
fail() {
  printf 'check: %s\n' "$*" >&2
  exit 1
}

# await WHAT COMMAND...: until the command succeeds.
await() {
  local what=$1 end=$((SECONDS + limit))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "Cannot see within $limit s: $what"
    sleep 0.2
  done
  say "$what"
}

milliseconds() {
  date +%s%3N
}

inside() {
  local name=$1
  shift
  "$engine" exec "$name" "$@"
}

# --- what a container of Respawn has to show ------------------------------------------------------------------------

# By bash alone: an image need not have curl.
answers_200() { # CONTAINER PORT PATH
  inside "$1" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$1" >&3 &&
    read -r _ status _ <&3 && [ "$status" = 200 ]' "$2" "$3" 2>/dev/null
}

sidecar_pid() { # CONTAINER
  # In brackets, because the searching shell has these words in its own command line.
  # shellcheck disable=SC2016 # for the shell in the container
  inside "$1" bash -c 'for file in /proc/[0-9]*/cmdline; do
    if tr "\0" " " <"$file" 2>/dev/null | grep -qE "[q]uarkus-run.jar run|[l]ib/respawn .*run"; then
      folder=${file%/*} && echo "${folder##*/}" && exit
    fi
  done; exit 1'
}

sidecar_is_pid_1() { # CONTAINER
  [ "$(sidecar_pid "$1" 2>/dev/null)" = 1 ]
}

page() { # CONTAINER FIELD
  inside "$1" sed -n "s/^$2=//p" /srv/pages/index.html 2>/dev/null
}

page_shows_later_incarnation() { # CONTAINER INCARNATION
  local now
  now=$(page "$1" incarnation) && [ -n "$now" ] && [ "$now" -gt "$2" ]
}

page_is_written() { # CONTAINER
  [ -n "$(page "$1" pid)" ]
}

check_rights() { # CONTAINER
  local pid status
  pid=$(sidecar_pid "$1") || fail "Cannot find the sidecar's process in $1"
  status=$(inside "$1" cat "/proc/$pid/status")
  grep -qE '^Uid:\s+1001\s+1001\s' <<<"$status" || fail "Cannot accept the user of pid $pid: $(grep Uid <<<"$status")"
  grep -qE '^CapEff:\s+0+$' <<<"$status" || fail "Cannot accept capabilities: $(grep CapEff <<<"$status")"
  grep -qE '^NoNewPrivs:\s+1$' <<<"$status" || fail "Cannot accept that it may gain privileges"
  ! inside "$1" touch /opt/respawn/written 2>/dev/null || fail "Cannot accept a root file system that is writable"
  say "user 1001, no capabilities, read-only root"
}

say_figures() { # CONTAINER BEGUN, in milliseconds
  local kibibytes
  kibibytes=$(inside "$1" sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$(sidecar_pid "$1")/status")
  say "ready after $(($(milliseconds) - $2)) ms (it waits 10 s for Kafka first), $((kibibytes / 1024)) MiB in RAM"
}

check_service() { # CONTAINER
  local pid incarnation
  await "the service writes its page" page_is_written "$1"
  pid=$(page "$1" pid) incarnation=$(page "$1" incarnation)
  inside "$1" bash -c "kill -KILL $pid"
  await "after a SIGKILL of pid $pid the service is back" page_shows_later_incarnation "$1" "$incarnation"
}

check_stop() { # CONTAINER
  local code
  "$engine" stop -t 30 "$1" >/dev/null
  code=$("$engine" inspect --format '{{.State.ExitCode}}' "$1")
  [ "$code" = 0 ] || fail "Cannot accept exit code $code after a stop"
  say "stopped with exit code 0"
}

check_all() { # CONTAINER BEGUN, in milliseconds
  await "$1 is live" answers_200 "$1" 9000 /q/health/live
  await "$1 is ready, with nobody where Kafka should be" answers_200 "$1" 9000 /q/health/ready
  say_figures "$1" "$2"
  check_rights "$1"
  check_service "$1"
  inside "$1" respawn status
  check_stop "$1"
}

# --- the two ways to run it -----------------------------------------------------------------------------------------

build() {
  [ -x "$root/$folder/bin/respawn" ] || fail "Cannot find $folder: build it first, see docker/Dockerfile"
  "$engine" build ${BASE:+--build-arg "BASE=$BASE"} --build-arg "FOLDER=$folder" --network=none -f "$root/docker/Dockerfile" -t "$image" "$root"
  say "$image has $(($("$engine" image inspect --format '{{.Size}}' "$image") / 1000000)) MB"
}

alone() {
  say "--- one container, the sidecar is PID 1"
  local begun
  begun=$(milliseconds)
  "$engine" run --detach --name "$container" --network=none --read-only --cap-drop=ALL \
    --security-opt=no-new-privileges --tmpfs=/tmp --tmpfs=/run/respawn --tmpfs=/srv/pages \
    --env=KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 \
    --volume="$root/k8s/base:/etc/respawn:ro" "$image" >/dev/null
  await "the sidecar is PID 1" sidecar_is_pid_1 "$container"
  check_all "$container" "$begun"
}

beside_an_application() {
  say "--- a pod, the sidecar beside an application"
  local begun
  ! podman pod exists "$pod" || fail "Cannot play the pod: there is a $pod already"
  pod_file=$(mktemp)
  kubectl kustomize "$root/k8s/overlays/podman" >"$pod_file"
  begun=$(milliseconds)
  podman kube play --network=none "$pod_file" >/dev/null
  await "the application serves the page" answers_200 "$pod-app" 8000 /index.html
  check_all "$pod-respawn" "$begun"
}

clean_up() {
  local code=$? name
  trap - EXIT
  if [ "$code" != 0 ]; then
    for name in "$container" "$pod-respawn"; do
      if "$engine" inspect "$name" >/dev/null 2>&1; then
        say "last lines of $name:"
        "$engine" logs --tail 40 "$name" 2>&1 || true
      fi
    done
  fi
  "$engine" rm --force "$container" >/dev/null 2>&1 || true
  if [ -n "$pod_file" ]; then
    podman pod rm --force --time 1 "$pod" >/dev/null 2>&1 || true
    # ConfigMaps and emptyDirs are volumes to podman, which stay.
    podman volume rm respawn-config respawn-state respawn-tmp respawn-pages >/dev/null 2>&1 || true
    rm -f "$pod_file"
  fi
  exit "$code"
}

if [ -z "$engine" ]; then
  engine=$(command -v podman || command -v docker) || fail "Cannot find podman or docker on the PATH: install one"
fi
trap clean_up EXIT
trap 'exit 130' INT TERM

build
alone
if [ "${engine##*/}" = podman ] && command -v kubectl >/dev/null; then
  beside_an_application
else
  say "the pod was left out: it needs podman and kubectl"
fi
say "all is well"
