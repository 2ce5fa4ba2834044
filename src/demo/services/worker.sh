#!/bin/sh
# A worker with bad luck: handles a few orders, one a second, then fails with one of three exit codes.
# Usually within seconds, so that its backoff grows; now and then it lives long enough to be forgiven.
set -eu

trap 'echo "asked to stop, done with order $order"; exit 0' TERM INT

luck=$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')
lives=$((3 + luck % 10))
[ "$luck" -lt 200 ] || lives=45
order=0

echo "incarnation ${RESPAWN_INCARNATION:-?} with pid $$ begins${RESPAWN_INTENT:+, ordered by $RESPAWN_INTENT}"
while [ "$order" -lt "$lives" ]; do
  order=$((order + 1))
  echo "order $order handled"
  # In the background: the shell hears a signal while it waits, but not while it runs a command.
  sleep 1 &
  wait $!
done

code=$((1 + luck % 3))
echo "order $((order + 1)) is cursed, failing with exit code $code" >&2
exit "$code"
