#!/bin/sh
# run.sh PREFIX FOLDER: builds the C examples from an installed libitemseal through pkg-config, shared and static, and runs them.
set -eu

prefix=$1 to=$2/examples
here=$(cd "$(dirname "$0")" && pwd)
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
mkdir -p "$to"

for source in "$here"/*.c; do
  name=$(basename "$source" .c)
  # What pkg-config says are words for the compiler.
  # shellcheck disable=SC2046
  ${CC:-cc} ${C_FLAGS:-} "$source" -o "$to/$name" $(pkg-config --cflags --libs itemseal)
  echo "$name, shared:"
  LD_LIBRARY_PATH="$prefix/lib" "$to/$name"
  # shellcheck disable=SC2046
  ${CC:-cc} ${C_FLAGS:-} "$source" -o "$to/$name-static" $(pkg-config --cflags itemseal) "$prefix/lib/libitemseal.a" \
    $(pkg-config --static --libs-only-l itemseal | sed 's/-litemseal//')
  echo "$name, static:"
  "$to/$name-static"
done
