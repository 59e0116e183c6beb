#!/bin/sh
# run.sh PREFIX FOLDER: builds the C and C++ tests against the libraries that are installed below PREFIX, and runs them
# plain, with gcc's ASan and UBSan, and under valgrind; those that need a lab of their own against the command `itemseal`.
# ITEMSEAL_LONG=1: more inputs, and 10 s of threads instead of 2.
set -eu

prefix=$1 to=$2/tests
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cargo=${CARGO:-cargo}
target=${CARGO_TARGET_DIR:-$root/target}
inputs=120000 seconds=2
[ -z "${ITEMSEAL_LONG:-}" ] || { inputs=1000000 seconds=10; }
programs="items config encryptor batch handles matrix fuzz threads panic matrix_lab lab"
against_lab="keyrings client"
. "$here/programs.sh"
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
write_matrix itemseal itemseal_lab
# With the features that install.sh has in dev, which are those of the tests for the example's sake: so there is little to build. The
# command starts the lab for those in against_lab, and faults in it; one program needs a library with a function that panics, and so
# not the installed one.
(cd "$root" && $cargo build --locked --quiet --workspace --bin itemseal --example itemseal_hooks)
cp "$target/debug/examples/libitemseal_hooks.so" "$to/hooks/libitemseal.so"

# build FOLDER FLAGS...: all programs, against the installed libraries.
build() {
  into=$1
  shift
  mkdir -p "$into"
  for program in $programs $against_lab; do
    libraries=$prefix/lib names=-litemseal
    case $program in
      panic) libraries=$to/hooks ;;
      lab | matrix_lab) names=-litemseal_lab ;;
    esac
    ${CC:-cc} $strict -g "$@" -I"$here" -I"$prefix/include" "$(source_of $program)" -o "$into/$program" -L"$libraries" \
      -Wl,-rpath,"$libraries" $names -lpthread
  done
}

say "plain"
build "$to/plain"
each "$to/plain" "$inputs" "$seconds" env
${CXX:-c++} -std=c++17 -Wall -Wextra -Wpedantic -Werror "$here/header.cpp" -o "$to/header" $(PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config --cflags --libs itemseal) \
  -Wl,-rpath,"$prefix/lib"
"$to/header"
sh "$here/against_lab.sh" "$target/debug/itemseal" "$to/plain/keyrings" "$to/plain/client"

say "ASan and UBSan in the C code, gcc's; the Rust code is leak-checked only"
build "$to/gcc" -fsanitize=address,undefined -fno-sanitize-recover=all
each "$to/gcc" 20000 1 env ITEMSEAL_SANITIZED=1 ASAN_OPTIONS=detect_leaks=1

if command -v valgrind >/dev/null; then
  say "memcheck: no error, no leak"
  export ITEMSEAL_SLOW=1
  each "$to/plain" 400 0.1 sh "$here/memcheck.sh" "$to/memcheck"
  RUN_UNDER="sh $here/memcheck.sh $to/memcheck" \
    sh "$here/against_lab.sh" "$target/debug/itemseal" "$to/plain/keyrings" "$to/plain/client"
else
  say "memcheck: NOT RUN, there is no valgrind here and apt-get did not bring it"
  [ -z "${ITEMSEAL_CI:-}" ] || { echo "CI may not skip memcheck" >&2; exit 1; }
fi
