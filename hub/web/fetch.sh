#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch.sh NPM SOURCE STAGE: installs the locked packages into STAGE, and leaves a stamp there.
set -eu
npm=$1 source=$2 stage=$3
mkdir -p "$stage"
cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$stage"
cd "$stage"
if ! "$npm" ci --no-audit --no-fund --loglevel=error >npm.log 2>&1; then
    tail -n 15 npm.log >&2
    echo "The packages of the web pages could not be fetched (the lines above say why). Is the package registry reachable?" \
        "Try again, or configure with -DCONCORDAT_WEB=OFF for a hub without pages." >&2
    exit 1
fi
if ! node_modules/node/bin/node --version >/dev/null 2>&1; then
    echo "The packages of the web pages came without the program 'node' for this machine: npm must be allowed to run the install" \
        "script of the package 'node' (no ignore-scripts in its settings)." >&2
    exit 1
fi
touch npm.stamp
