#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD NAME [SECONDS]: every seed of a fuzz target, then so many seconds (20) of new input. What crashes it is
# kept in BUILD/crashes; put it, small and without personal data, beside the seeds when it is mended.
set -eu
build=$1 name=$2 seconds=${3:-20}
seeds=$(cd "$(dirname "$0")" && pwd)/seeds/$name
mkdir -p "$build/corpus/$name" "$build/crashes"
exec "$build/bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
    -verbosity=0 -artifact_prefix="$build/crashes/$name-" "$build/corpus/$name" "$seeds"
