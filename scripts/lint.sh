#!/bin/sh
# Checks what the compiler does not see, with the linters that are installed.
set -eu
cd "$(dirname "$0")/.."
if command -v shellcheck >/dev/null 2>&1; then
  shellcheck scripts/*.sh .ci/run
else
  echo "shellcheck is not here: scripts were not checked"
fi
if command -v hadolint >/dev/null 2>&1; then
  hadolint Dockerfile
else
  echo "hadolint is not here: the Dockerfile was not checked"
fi
