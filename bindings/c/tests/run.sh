#!/bin/sh
# run.sh PREFIX FOLDER: builds the C and C++ tests against the libitemseal that is installed below PREFIX, and runs them
# plain, with gcc's ASan and UBSan, under valgrind, and with ASan in the Rust code too where there is a nightly toolchain.
# ITEMSEAL_LONG=1: more inputs, and 10 s of threads instead of 2.
set -eu

prefix=$1 to=$2/tests
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cargo=${CARGO:-cargo}
target=${CARGO_TARGET_DIR:-$root/target}
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
strict="-std=c99 -Wall -Wextra -Wpedantic -Werror"
inputs=120000 seconds=2
[ -z "${ITEMSEAL_LONG:-}" ] || { inputs=1000000 seconds=10; }
programs="items config encryptor batch handles matrix fuzz threads panic"
rm -rf "$to"
mkdir -p "$to/hooks"

say() { echo; echo "== $*"; }

# --- The header and the library's face -------------------------------------------------------------------------------
say "header and symbols"
for standard in c99 c11; do
  echo '#include <itemseal.h>' | ${CC:-cc} -std=$standard -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only -x c -
done
echo '#include <itemseal.h>' | ${CXX:-c++} -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only -x c++ -
nm -D --defined-only "$prefix/lib/libitemseal.so" | awk '{ print $3 }' | sort >"$to/exported"
python3 "$here/symbols.py" "$prefix/include/itemseal.h" "$to/exported"
objdump -p "$prefix/lib/libitemseal.so" | awk '/SONAME/ { print "soname: " $2; found = $2 ~ /^libitemseal\.so\.[0-9]+$/ } END { exit !found }'

# --- Building ---------------------------------------------------------------------------------------------------------
python3 "$here/matrix.py" "$prefix/include/itemseal.h" "$here/matrix.h" >"$to/matrix.c"
# The one program that needs a library with a function that panics, and so not the installed one.
(cd "$root" && $cargo build --locked --quiet -p itemseal-c --lib --features test-hooks)
cp "$target/debug/libitemseal_c.so" "$to/hooks/libitemseal.so.0"
ln -sf libitemseal.so.0 "$to/hooks/libitemseal.so"

# build FOLDER LIBRARIES FLAGS...: all programs, against the library in a folder.
build() {
  into=$1 library=$2
  shift 2
  mkdir -p "$into"
  for program in $programs; do
    source=$here/$program.c libraries=$library
    [ "$program" != matrix ] || source=$to/matrix.c
    [ "$program" != panic ] || [ "$library" != "$prefix/lib" ] || libraries=$to/hooks
    ${CC:-cc} $strict -g "$@" -I"$here" -I"$prefix/include" "$source" -o "$into/$program" -L"$libraries" -Wl,-rpath,"$libraries" \
      -litemseal -lpthread
  done
}

# each FOLDER INPUTS SECONDS [RUNNER...]: runs all programs.
each() {
  from=$1 count=$2 long=$3
  shift 3
  for program in $programs; do
    given=
    mkdir -p "$from/files"
    case $program in
      config | matrix) given=$from/files ;;
      fuzz) given=$count ;;
      threads) given=$long ;;
    esac
    # The panic that is asked for would tell its whole way.
    RUST_BACKTRACE=0 "$@" "$from/$program" $given 2>"$from/$program.err" ||
      { cat "$from/$program.err" >&2; echo "$program failed" >&2; exit 1; }
  done
}

say "plain"
build "$to/plain" "$prefix/lib"
each "$to/plain" "$inputs" "$seconds" env
${CXX:-c++} -std=c++17 -Wall -Wextra -Wpedantic -Werror "$here/header.cpp" -o "$to/header" $(pkg-config --cflags --libs itemseal) \
  -Wl,-rpath,"$prefix/lib"
"$to/header"

say "ASan and UBSan in the C code, gcc's; the Rust code is leak-checked only"
build "$to/gcc" "$prefix/lib" -fsanitize=address,undefined -fno-sanitize-recover=all
each "$to/gcc" 20000 1 env ITEMSEAL_SANITIZED=1 ASAN_OPTIONS=detect_leaks=1

if ! command -v valgrind >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get install --yes --quiet valgrind >"$to/apt.log" 2>&1 || cat "$to/apt.log" >&2
fi
if command -v valgrind >/dev/null; then
  say "memcheck: no error, no leak"
  each "$to/plain" 400 0.1 valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect,possible \
    --suppressions="$here/valgrind.supp" --error-exitcode=9
else
  say "memcheck: NOT RUN, there is no valgrind here and apt-get did not bring it"
fi

# Given by rustup, or there is none.
if $cargo +nightly --version >/dev/null 2>&1 && [ -z "${ITEMSEAL_NO_NIGHTLY:-}" ]; then
  say "ASan in the Rust code too, rustc's runtime ($($cargo +nightly --version)); Rust's std is as it was shipped"
  sh "$here/nightly.sh" "$to/nightly"
  # One runtime for both sides: gcc's instrumented code calls the same functions, of the same version, as rustc's.
  for program in $programs; do
    source=$here/$program.c
    [ "$program" != matrix ] || source=$to/matrix.c
    ${CC:-cc} $strict -g -fsanitize=address -I"$here" -I"$prefix/include" -c "$source" -o "$to/nightly/$program.o"
    ${CXX:-c++} "$to/nightly/$program.o" -o "$to/nightly/$program" -L"$to/nightly/lib" -Wl,-rpath,"$to/nightly/lib" -litemseal \
      -Wl,--whole-archive "$(cat "$to/nightly/runtime")" -Wl,--no-whole-archive -Wl,--export-dynamic -lpthread -ldl -lm -lrt
  done
  each "$to/nightly" 20000 1 env ITEMSEAL_SANITIZED=1 ASAN_OPTIONS=detect_leaks=1
else
  say "ASan in the Rust code: NOT RUN, there is no nightly toolchain here"
fi
