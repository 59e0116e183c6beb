#!/bin/sh
# run.sh PREFIX FOLDER: builds the examples, those in README.md and the checks of the headers from an installed libitemseal, through
# pkg-config and through CMake, shared and static, and runs them.
set -eu

prefix=$1 to=$2/examples
here=$(cd "$(dirname "$0")" && pwd)
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
export LD_LIBRARY_PATH="$prefix/lib"
rm -rf "$to"
mkdir -p "$to/readme"

# What is in README.md between ```c or ```cpp and ``` is a program each.
awk -v to="$to/readme/readme_" '
  /^```(c|cpp)$/ { count++; file = to count "." substr($0, 4); next }
  /^```$/ { file = "" }
  file != "" { print > file }
' "$here/../README.md"
ls "$to/readme/"*.c "$to/readme/"*.cpp >/dev/null

strict="-Wall -Wextra -Wpedantic -Werror"
compiler() {
  case $1 in
    *.c) echo "${CC:-cc} -std=c99 $strict ${C_FLAGS:-}" ;;
    *) echo "${CXX:-c++} -std=c++${2:-17} $strict -Wconversion ${CXX_FLAGS:-}" ;;
  esac
}

# build SOURCE PROGRAM OPTIONS...: shared and static, through pkg-config.
build() {
  source=$1 program=$2
  shift 2
  packages=itemseal
  ! grep -q 'itemseal_lab\.h' "$source" || packages="itemseal itemseal_lab"
  archives=
  for package in $packages; do archives="$archives $prefix/lib/lib$package.a"; done
  # What pkg-config says are words for the compiler.
  # shellcheck disable=SC2046,SC2086
  $(compiler "$source") "$@" "$source" -o "$program" $(pkg-config --cflags --libs $packages)
  # shellcheck disable=SC2046,SC2086
  $(compiler "$source") "$@" "$source" -o "$program-static" $(pkg-config --cflags $packages) $archives \
    $(pkg-config --static --libs-only-l $packages | sed 's/-litemseal[_a-z]*//g')
}

run() {
  for program; do
    echo "$(basename "$program"):"
    "$program" || { echo "$program failed" >&2; exit 1; }
  done
}

for source in "$here"/*.c "$here"/*.cpp "$to"/readme/*; do
  lines=$(wc -l <"$source")
  [ "$lines" -lt 100 ] || { echo "$source has $lines lines: an example has less than 100" >&2; exit 1; }
  program=$to/$(basename "$source" | tr . -)
  build "$source" "$program"
  run "$program" "$program-static"
done

# itemseal.hpp with both standards and both ways of failing.
for standard in 17 20; do
  for failing in "" "-DITEMSEAL_NO_EXCEPTIONS -fno-exceptions"; do
    # shellcheck disable=SC2086
    build "$here/../cpp/wrapper.cpp" "$to/wrapper" -std=c++$standard $failing
    run "$to/wrapper"
  done
done

# Both libraries, in one program.
build "$here/../cpp/tables.cpp" "$to/tables"
run "$to/tables" "$to/tables-static"

# The lab's library.
build "$here/../../c-lab/tests/lab.c" "$to/lab"
run "$to/lab" "$to/lab-static"

# The headers alone, in every standard that they are for.
for header in itemseal.h itemseal_lab.h itemseal.hpp; do
  for standard in c99 c11 c17 c++17 c++20; do
    case $header,$standard in
      *.hpp,c[19]*) continue ;;
      *,c++*) language=c++ tool=${CXX:-c++} ;;
      *) language=c tool=${CC:-cc} ;;
    esac
    # shellcheck disable=SC2086
    echo "#include <$header>" | $tool -x $language -std=$standard $strict -I"$prefix/include" -fsyntax-only -
  done
done

cmake -S "$here" -B "$to/cmake" -DCMAKE_PREFIX_PATH="$prefix" >"$to/cmake.log" || { cat "$to/cmake.log" >&2; exit 1; }
cmake --build "$to/cmake" >"$to/cmake.log" || { cat "$to/cmake.log" >&2; exit 1; }
# CMake's programs know where the library is, and a shared library must not be found by chance.
unset LD_LIBRARY_PATH
(cd "$to/cmake" && ctest --output-on-failure --no-tests=error)
