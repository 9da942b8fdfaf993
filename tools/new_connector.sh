#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a new connector from sdk/template: tools/new_connector.sh NAME [FOLDER]
set -eu

usage() {
    echo "usage: tools/new_connector.sh NAME [FOLDER]"
    echo "Copies sdk/template to FOLDER (default: ./NAME) as the connector NAME (lower case letters, digits and _)."
    echo "example: tools/new_connector.sh my_crm ~/my_crm"
}

case "${1:-}" in
    -h | --help) usage; exit 0 ;;
    '' | *[!a-z0-9_]* | [!a-z]*) usage >&2; exit 2 ;;
esac
name=$1
folder=${2:-$name}
template=$(cd "$(dirname "$0")/../sdk/template" && pwd)
if [ -e "$folder" ]; then
    echo "$folder exists already; name another folder, or remove it first" >&2
    exit 1
fi

# my_crm -> MyCrm
class=$(echo "$name" | awk -F_ '{for (i = 1; i <= NF; i++) printf "%s", toupper(substr($i,1,1)) substr($i,2)}')
mkdir -p "$folder"
for file in CMakeLists.txt connector.cpp conformance.cpp; do
    sed -e "s/Acme/$class/g" -e "s/acme/$name/g" "$template/$file" > "$folder/$file"
done

echo "Made the connector $name in $folder. Next:"
echo "  cmake -S $folder -B $folder/build && cmake --build $folder/build && $folder/build/${name}_conformance"
echo "Every line that says FAIL names what to write. sdk/README.md explains each step."
