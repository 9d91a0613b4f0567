#!/usr/bin/env bash
# Makes the corpus again from cast, an implementation that shares no code with ours. Inputs are derived from fixed seeds,
# so the files change only when cast does. Names of files make only those again. Takes cast from PATH, else from $DWEB_NPM/.bin; needs Node 20.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cast="$(command -v cast || true)"
if [ -z "$cast" ] && [ -n "${DWEB_NPM:-}" ]; then cast="$DWEB_NPM/.bin/cast"; fi
if [ ! -x "$cast" ]; then
  echo "cast was not found: put it on PATH, or set DWEB_NPM to the node_modules folder that holds it." >&2
  exit 1
fi
exec node "$here/regenerate.mjs" "$cast" "$here" "$@"
