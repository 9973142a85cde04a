#!/bin/sh
# Builds the console into the folder given: called by Maven, works by hand too.
# Needs Node.js; everything else is in the lock file.
set -eu
cd "${0%/*}"
for tool in node npm; do
  command -v "$tool" >/dev/null 2>&1 || {
    echo "agent-console: $tool is missing; install the packages nodejs and npm (Node.js 20.19 or newer)" >&2
    exit 1
  }
done
exec node build.mjs "$@"
