#!/bin/sh
# An etcd for the tests of its arbiter: the one on the PATH, or Debian's, unpacked under build/ (nothing is installed
# or started). Without one those tests are skipped, and say so.
set -u
cd "$(dirname "$0")/.." || exit 1
place=build/tools/etcd
if command -v etcd >/dev/null 2>&1 || [ -x "$place/usr/bin/etcd" ]; then
  exit 0
fi
if command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1; then
  mkdir -p "$place" || exit 1
  fetch() (cd "$place" && apt-get download -qq etcd-server >/dev/null 2>&1)
  fetch || { [ "$(id -u)" = 0 ] && apt-get update -qq >/dev/null 2>&1 && fetch; }
  for package in "$place"/etcd-server_*.deb; do
    [ -f "$package" ] && dpkg-deb -x "$package" "$place" && exit 0
  done
fi
echo "etcd is not here and could not be fetched: the tests of the etcd arbiter are skipped (install Debian's package etcd-server)"
