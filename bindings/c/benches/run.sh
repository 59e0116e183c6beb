#!/bin/sh
# run.sh FOLDER: builds libitemseal and cost in release, and prints what C costs over the Rust call, and the library's size.
set -eu

to=$1/bench
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
built=${CARGO_TARGET_DIR:-$root/target}/release
mkdir -p "$to"
(cd "$root" && ${CARGO:-cargo} build --locked --quiet --release -p itemseal-c --lib --example itemseal_direct)
cp "$built/libitemseal_c.so" "$to/libitemseal.so.0"
cp "$built/examples/libitemseal_direct.so" "$to/"
ln -sf libitemseal.so.0 "$to/libitemseal.so"
${CC:-cc} -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -I"$root/include" "$here/cost.c" -o "$to/cost" -L"$to" -Wl,-rpath,"$to" \
  -litemseal_direct -litemseal
"$to/cost" ${ITEMSEAL_SECONDS:-5}
strip -o "$to/stripped.so" "$to/libitemseal.so.0"
echo "libitemseal.so, stripped: $(stat -c %s "$to/stripped.so") bytes"
