#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh SOURCE FOLDER
set -eu
source=$1
folder=$2
rm -rf "$folder"
mkdir -p "$folder"
cmake -S "$source/sdk" -B "$folder/sdk" -DCMAKE_INSTALL_PREFIX="$folder/prefix" > "$folder/log"
cmake --build "$folder/sdk" >> "$folder/log"
cmake --install "$folder/sdk" >> "$folder/log"
"$source/tools/new_connector.sh" my_crm "$folder/my_crm" >> "$folder/log"
cmake -S "$folder/my_crm" -B "$folder/my_crm/build" -DCMAKE_PREFIX_PATH="$folder/prefix" >> "$folder/log"
cmake --build "$folder/my_crm/build" >> "$folder/log"
sh "$source/tests/sdk/symbols.sh" "$folder/my_crm/build/my_crm.so"
if "$folder/my_crm/build/my_crm_conformance" > "$folder/report"; then
    echo "the unfilled template passes the conformance kit" >&2
    exit 1
fi
grep -q "problem: pull fails: write pull()" "$folder/report"
grep -q "fix: " "$folder/report"
