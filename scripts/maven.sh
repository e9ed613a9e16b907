#!/bin/sh
# Runs Maven on a JDK that can build this (see find-jdk.sh), wherever it is called from.
set -u
here=$(cd "$(dirname "$0")" && pwd -P)
if ! command -v mvn >/dev/null 2>&1; then
  echo "make: Maven (mvn) is not on the PATH: install Maven 3.8 or newer" >&2
  exit 1
fi
if ! JAVA_HOME=$(sh "$here/find-jdk.sh" jdk 2>&1); then
  echo "make: $JAVA_HOME" >&2
  exit 1
fi
export JAVA_HOME
# Maven's own libraries make newer JDKs warn; nothing in them is ours to repair.
major=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$JAVA_HOME/release" 2>/dev/null | head -n 1)
if [ "${major:-21}" -ge 24 ]; then
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
  export MAVEN_OPTS
fi
cd "$here/.." || exit 1
# Colours are for people.
[ -t 1 ] || set -- -B "$@"
exec mvn "$@"
