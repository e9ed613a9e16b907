#!/bin/sh
# Writes one report over all modules from their jacoco.exec files, and a line per module.
set -eu
cd "$(dirname "$0")/.."
java=$(sh scripts/find-jdk.sh jdk)/bin/java
set --
for module in session upstream backup transport gateway client cmd bench; do
  [ -d "$module/target/classes" ] || continue
  set -- "$@" --classfiles "$module/target/classes" --sourcefiles "$module/src/main/java"
done
# shellcheck disable=SC2046 # one word per file
"$java" -jar build/tools/org.jacoco.cli-*.jar report $(ls -- */target/jacoco.exec) "$@" \
  --html build/coverage --csv build/coverage.csv --quiet
awk -F , 'NR > 1 { split($2, part, "."); missed[part[3]] += $8; covered[part[3]] += $9 }
  END { for (m in missed) if (missed[m] + covered[m] > 0)
    printf "%-12s %5.1f %% of %d lines\n", m, 100 * covered[m] / (missed[m] + covered[m]), missed[m] + covered[m] }' \
  build/coverage.csv | sort
echo "build/coverage/index.html"
