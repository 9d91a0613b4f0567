#!/bin/sh
# Writes abi/<Contract>.json from the artifacts of `forge build`. With --check it writes nothing and fails when a file
# is missing or old.
set -eu
cd "$(dirname "$0")"
exec node abi.mjs "$@"
