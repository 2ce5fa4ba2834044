#!/bin/sh
# Becomes a real Kafka broker: one node, broker and controller in one, on the loopback address only. The demo runs it
# as a service, the tests run it by themselves. Formats the data folder if that was not done before.
#
# Nothing is named KAFKA_... here: Kafka's clients take such variables for settings of theirs.
#
#   BROKER_DATA              folder of the broker (default target/demo/kafka)
#   BROKER_PORT              port for clients (default 9092)
#   BROKER_CONTROLLER_PORT   port of the controller (default 9093)
#   BROKER_LOG_LEVEL         level of the log on stderr (default warn)
#   BROKER_ARGS              options with the broker's class path, made by the build (default target/broker/broker.args)
#   JAVA                     the java command (default: the one of JAVA_HOME, else the one on the PATH)
set -eu

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../../.." && pwd -P)
data=${BROKER_DATA:-$root/target/demo/kafka}
port=${BROKER_PORT:-9092}
controller_port=${BROKER_CONTROLLER_PORT:-9093}
arguments=${BROKER_ARGS:-$root/target/broker/broker.args}
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}

if [ ! -f "$arguments" ]; then
  printf '%s\n' "broker.sh: Cannot find $arguments: run ./mvnw process-resources, which makes it" >&2
  exit 1
fi
mkdir -p "$data"

# A restart must take a second, not ten: a stopping broker tells the controller, and a killed one is forgotten after
# broker.session.timeout.ms. The rest keeps a single small node quick: one replica, one partition for what Kafka keeps
# for itself, small buffers.
cat >"$data/server.properties.new" <<PROPERTIES
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:$controller_port
log.dirs=$data/log
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
controlled.shutdown.enable=true
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=100
num.network.threads=1
num.io.threads=2
log.cleaner.dedupe.buffer.size=2097152
PROPERTIES
# By renaming, so that a kill in between leaves no half file.
mv "$data/server.properties.new" "$data/server.properties"

set -- -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=${BROKER_LOG_LEVEL:-warn}" -Dorg.slf4j.simpleLogger.showDateTime=true \
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS" -Dorg.slf4j.simpleLogger.showThreadName=false \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "@$arguments"

# The tool writes meta.properties last. The cluster's id only has to be a UUID in Kafka's base 64.
if [ ! -f "$data/log/meta.properties" ]; then
  "$java" -Xmx64m "$@" kafka.tools.StorageTool format --ignore-formatted --cluster-id cmVzcGF3bi1kZW1vLTAwMQ \
    --config "$data/server.properties" >&2
fi

exec "$java" -Xms64m -Xmx256m "$@" kafka.Kafka "$data/server.properties"
