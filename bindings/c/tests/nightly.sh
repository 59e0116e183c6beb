#!/bin/sh
# nightly.sh FOLDER: builds libitemseal with rustc's AddressSanitizer into FOLDER/lib, and says in FOLDER/runtime where its
# runtime is. Rust's std is not built anew, so it is as it was shipped; so is AWS-LC, which is C.
set -eu

to=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cargo=${CARGO:-cargo}
host=$($cargo +nightly -vV | sed -n 's/^host: //p')
mkdir -p "$to/lib"
(cd "$root" && RUSTFLAGS=-Zsanitizer=address $cargo +nightly build --locked --quiet -p itemseal-c --example itemseal_hooks \
  --target "$host" --target-dir target/c-asan)
cp "$root/target/c-asan/$host/debug/examples/libitemseal_hooks.so" "$to/lib/libitemseal.so"
nm "$to/lib/libitemseal.so" >"$to/symbols"
checks=$(grep -c ' U __asan_report_' "$to/symbols" || true)
[ "$checks" -gt 0 ] || { echo "nightly.sh: the library calls no __asan_report_*: it is not instrumented" >&2; exit 1; }
echo "instrumented: the library calls $checks of __asan_report_*"
runtime=$(rustc +nightly --print sysroot)/lib/rustlib/$host/lib/librustc-nightly_rt.asan.a
[ -f "$runtime" ] || { echo "nightly.sh: $runtime is missing" >&2; exit 1; }
echo "$runtime" >"$to/runtime"
