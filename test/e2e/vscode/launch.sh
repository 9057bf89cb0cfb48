#!/bin/sh
# The executable that @vscode/test-electron is given: launch.ts under Node.js 24.
here=$(dirname "$0")
exec "$here/../../../node_modules/node/bin/node" --no-warnings "$here/launch.ts" "$@"
