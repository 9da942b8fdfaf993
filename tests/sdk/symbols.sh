#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every library given exports one symbol, the ABI's.
set -eu
for library in "$@"; do
    found=$(nm -D --defined-only "$library" | awk '{print $3}')
    if [ "$found" != concordat_connector ]; then
        echo "$library exports: $found" >&2
        exit 1
    fi
done
