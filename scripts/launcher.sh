#!/bin/sh
# Starts the program this file is named after, with the Java that find-jdk.sh finds. The build puts
# a copy into build/ under each program's name. GATESVR_JAVA_OPTS adds flags for the JVM.
set -u
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
here=$(cd "$(dirname "$self")" && pwd -P) || exit 1
program=$(basename "$self")

case $program in
  gatesvr) main=dev.gatesvr.cmd.gatesvr.GatesvrMain ;;
  upstream) main=dev.gatesvr.cmd.upstream.UpstreamMain ;;
  client) main=dev.gatesvr.cmd.client.ClientMain ;;
  monitor) main=dev.gatesvr.cmd.monitor.MonitorMain ;;
  gatectl) main=dev.gatesvr.cmd.gatectl.GatectlMain ;;
  gencerts) main=dev.gatesvr.cmd.gencerts.GencertsMain ;;
  demo) main=dev.gatesvr.cmd.demo.DemoMain ;;
  demo-ha) main=dev.gatesvr.cmd.demo.pair.DemoHaMain ;;
  bench) main=dev.gatesvr.bench.BenchMain ;;
  *)
    echo "$program: not a program of gatesvr (expected: gatesvr, upstream, client, monitor, gatectl, gencerts, demo, demo-ha or bench)" >&2
    exit 2
    ;;
esac

if ! home=$(sh "$here/lib/find-jdk.sh" jre 2>&1); then
  echo "$program: $home" >&2
  exit 1
fi

# Netty loads native code; a gateway without memory must die and be replaced, not limp.
set -- -cp "$here/lib/*" "-Dgatesvr.home=$here" "$main" "$@"
# shellcheck disable=SC2086 # flags are words
set -- --enable-native-access=ALL-UNNAMED -XX:+ExitOnOutOfMemoryError ${GATESVR_JAVA_OPTS:-} "$@"
major=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$home/release" 2>/dev/null | head -n 1)
if [ "${major:-21}" -ge 25 ]; then
  set -- -XX:+UseCompactObjectHeaders "$@"
fi
if [ "${major:-21}" -ge 24 ]; then
  set -- --sun-misc-unsafe-memory-access=allow "$@"
fi
exec "$home/bin/java" "$@"
