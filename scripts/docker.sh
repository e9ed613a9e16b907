#!/bin/sh
# Builds or runs the image with the first engine that answers: docker.sh build|run IMAGE
set -eu
cd "$(dirname "$0")/.."
action=$1
image=$2
engine=
for candidate in docker podman; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" info >/dev/null 2>&1; then
    engine=$candidate
    break
  fi
done
if [ -z "$engine" ]; then
  echo "make: no container engine answers (tried docker and podman): start one to build or run $image" >&2
  exit 1
fi
case $action in
  build) exec "$engine" build -t "$image" . ;;
  run)
    # As the caller, because the key in certs/ is readable by its owner alone.
    exec "$engine" run --rm --init --user "$(id -u):$(id -g)" -v "$PWD/certs:/opt/gatesvr/certs:ro" \
      -p 8453:8453/udp -p 8080:8080 -p 8092:8092 -p 9090:9090 "$image"
    ;;
esac
