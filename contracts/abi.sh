#!/bin/sh
# Writes abi/<Contract>.json from the artifacts of `forge build`. With --check it writes nothing and fails when a file
# is missing, old or of no contract.
set -eu
cd "$(dirname "$0")"
exec node snapshots.mjs abi "$@"
