#!/bin/sh
# asan.sh PREFIX FOLDER: runs the C tests with AddressSanitizer in the Rust code too, rustc's runtime, where there is a nightly toolchain:
# the library is built anew for it with `-Zsanitizer=address` (nightly.sh), which takes long. Headers are those below PREFIX.
set -eu

prefix=$1 to=$2/asan
here=$(cd "$(dirname "$0")" && pwd)
cargo=${CARGO:-cargo}
programs="items config encryptor batch handles matrix fuzz threads panic"
. "$here/programs.sh"

# Given by rustup, or there is none.
if ! $cargo +nightly --version >/dev/null 2>&1; then
  echo "ASan in the Rust code: NOT RUN, there is no nightly toolchain here" >&2
  exit 1
fi
echo "ASan in the Rust code, rustc's runtime ($($cargo +nightly --version)); Rust's std is as it was shipped"
rm -rf "$to"
mkdir -p "$to"
write_matrix itemseal
sh "$here/nightly.sh" "$to"
# One runtime for both sides: gcc's instrumented code calls the same functions, of the same version, as rustc's.
for program in $programs; do
  ${CC:-cc} $strict -g -fsanitize=address -I"$here" -I"$prefix/include" -c "$(source_of $program)" -o "$to/$program.o"
  ${CXX:-c++} "$to/$program.o" -o "$to/$program" -L"$to/lib" -Wl,-rpath,"$to/lib" -litemseal \
    -Wl,--whole-archive "$(cat "$to/runtime")" -Wl,--no-whole-archive -Wl,--export-dynamic -lpthread -ldl -lm -lrt
done
each "$to" 20000 1 env ITEMSEAL_SANITIZED=1 ASAN_OPTIONS=detect_leaks=1
