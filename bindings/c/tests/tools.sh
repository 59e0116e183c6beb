#!/bin/sh
# tools.sh: gets what the C and C++ programs are built and tested with, by apt where that can be; what is still missing then it names, and
# fails. Without valgrind only memcheck is not run (run.sh says so).
set -eu

wanted="c++ cmake curl pkg-config valgrind"
missing=
for tool in $wanted; do
  command -v "$tool" >/dev/null || missing="$missing $tool"
done
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  packages=$(echo "$missing" | sed 's/c++/g++/')
  echo "apt-get install$packages"
  # shellcheck disable=SC2086
  apt-get install --yes --quiet --no-install-recommends $packages >/dev/null 2>&1 ||
    { apt-get update --quiet && apt-get install --yes --quiet --no-install-recommends $packages; } >&2 || true
fi
status=0
for tool in $missing; do
  command -v "$tool" >/dev/null || [ "$tool" = valgrind ] || { echo "make c needs $tool, which is not here: install it" >&2; status=1; }
done
exit $status
