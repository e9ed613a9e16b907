#!/bin/sh
# Prints the home of a Java that is new enough: find-jdk.sh [jdk|jre]
# Looks at JAVA_HOME, then PATH, then the folders where systems and tools install Java (the newest
# wins there). A Java that is too old is passed over. Says in one line what is missing otherwise.
set -u
kind=${1:-jdk}
min=21

# The major version of the Java in $1, or nothing. The release file answers without starting a JVM.
major_of() {
  version=
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
  printf '%s' "$version"
}

# Sets $major when $1 is a Java home of the wanted kind and version.
fits() {
  [ -x "$1/bin/java" ] || return 1
  [ "$kind" = jre ] || [ -x "$1/bin/javac" ] || return 1
  major=$(major_of "$1")
  [ -n "$major" ] && [ "$major" -ge "$min" ]
}

if [ -n "${JAVA_HOME:-}" ] && fits "$JAVA_HOME"; then
  printf '%s\n' "$JAVA_HOME"
  exit 0
fi

on_path=$(command -v java 2>/dev/null || true)
if [ -n "$on_path" ]; then
  home=$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")")")
  # A shim (asdf, jenv) is not inside its home: the Java itself knows.
  if [ ! -r "$home/release" ]; then
    told=$("$on_path" -XshowSettings:properties -version 2>&1 |
      sed -n 's/^ *java\.home = //p' | head -n 1)
    home=${told:-$home}
  fi
  if fits "$home"; then
    printf '%s\n' "$home"
    exit 0
  fi
fi

# Folder names end at the line, whatever else is in them.
IFS='
'
best=
best_major=0
# FIND_JDK_ROOTS replaces the folders, for the test of this script.
for home in $(
  if [ -n "${FIND_JDK_ROOTS:-}" ]; then
    ls -d "$FIND_JDK_ROOTS"/* 2>/dev/null
  else
    ls -d /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java* /opt/java/* /opt/jdk* /opt/jvm/* \
      "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
      "${HOME:-/nonexistent}"/.asdf/installs/java/* \
      "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk* 2>/dev/null
  fi
); do
  if fits "$home" && [ "$major" -gt "$best_major" ]; then
    best=$home
    best_major=$major
  fi
done
if [ -n "$best" ]; then
  printf '%s\n' "$best"
  exit 0
fi

what=JDK
[ "$kind" = jre ] && what='Java runtime'
printf '%s\n' "no $what $min or newer found (looked at JAVA_HOME, PATH and the system's JVM folders): install one, such as Temurin 25, or set JAVA_HOME" >&2
exit 1
