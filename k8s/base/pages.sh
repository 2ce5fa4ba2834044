#!/bin/sh
# Writes the page that the application serves, every second anew: the usual work of a sidecar, at its smallest.
set -eu

trap 'exit 0' TERM INT

while :; do
  printf 'service=%s\nincarnation=%s\npid=%s\ntime=%s\n' "${RESPAWN_SERVICE:-pages}" "${RESPAWN_INCARNATION:-0}" "$$" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$PAGES/index.new"
  # By renaming, so that nobody reads half a page.
  mv "$PAGES/index.new" "$PAGES/index.html"
  # In the background: the shell hears a signal while it waits, but not while it runs a command.
  sleep 1 &
  wait $!
done
