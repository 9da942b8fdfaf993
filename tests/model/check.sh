#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Searches every state of lease.pml. Without an argument the protocol as it is must hold; with the name of a part that is
# left out, an error must be found: a search that cannot fail proves nothing.
# check.sh [SPIN FLAGS …] -- [LEFT OUT]
set -eu
model=$(cd "$(dirname "$0")" && pwd)/lease.pml
flags=
while [ $# -gt 0 ] && [ "$1" != -- ]; do flags="$flags $1"; shift; done
[ $# -gt 0 ] && shift
broken=${1:-}
[ -n "$broken" ] && flags="$flags -D$broken"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# shellcheck disable=SC2086  # one word is one flag
spin -a $flags "$model" >spin.log 2>&1 || { cat spin.log >&2; exit 1; }
cc -O2 -w -DCOLLAPSE -DVECTORSZ=1024 -o search pan.c
./search -a -m1000000 -w22 >search.log 2>&1 || true
grep -E "assertion violated|acceptance cycle|states, stored|errors:" search.log || true
grep -q "errors: " search.log || { cat search.log >&2; exit 1; }
if grep -qE "max search depth too small|out of memory|Search not completed" search.log && [ -z "$broken" ]; then
    echo "check.sh: the search did not see every state" >&2
    exit 1
fi
errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' search.log)
if [ -z "$broken" ]; then
    [ "$errors" -eq 0 ] && echo "Holds in every state ($flags )" && exit 0
    spin -t -p -g $flags -k lease.pml.trail "$model" 2>/dev/null | tail -n 200 >&2 || true
    exit 1
fi
[ "$errors" -gt 0 ] && echo "Without it the protocol is wrong, and the search says so ($broken)" && exit 0
echo "check.sh: nothing was found although $broken is left out" >&2
exit 1
