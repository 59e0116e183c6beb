#!/bin/sh
# size.sh PREFIX FOLDER: what the libraries that are installed below PREFIX in release weigh, stripped, and what the smallest programs do that
# encrypt one item: with libitemseal, and with AWS's crate (`make c-size`).
set -eu

prefix=$1 to=$2/size
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
aws=$root/tests/oracle/target/release/itemseal-oracle-size
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
rm -rf "$to"
mkdir -p "$to"

# weigh WHAT FILE [OPTION]
weigh() {
  strip ${3:-} -o "$to/stripped" "$2"
  awk -v what="$1" -v bytes="$(wc -c <"$to/stripped")" 'BEGIN { printf "%-56s %6.1f MB\n", what, bytes / 1e6 }'
}

# program NAME LIBRARIES…: builds and runs size.c.
program() {
  name=$1
  shift
  # shellcheck disable=SC2046
  ${CC:-cc} -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror "$here/size.c" -o "$to/$name" $(pkg-config --cflags itemseal) \
    -Wl,--gc-sections "$@"
  "$to/$name"
}

# shellcheck disable=SC2046
program dynamic $(pkg-config --libs itemseal)
# shellcheck disable=SC2046
program static "$prefix/lib/libitemseal.a" $(pkg-config --static --libs-only-l itemseal | sed 's/-litemseal//')
for library in itemseal itemseal_lab; do
  weigh "lib$library.so" "$prefix/lib/lib$library.so"
  weigh "lib$library.a" "$prefix/lib/lib$library.a" --strip-debug
done
weigh "a program in C, linked with libitemseal.so" "$to/dynamic"
weigh "a program in C, linked with libitemseal.a" "$to/static"
"$aws"
weigh "a program in Rust, linked with aws-db-esdk" "$aws"
