#!/bin/sh
# install.sh PROFILE PREFIX [DESTDIR]: builds libitemseal and libitemseal_lab, and installs them with what pkg-config and CMake need.
set -eu

profile=$1 prefix=$2 to=${3:-}$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cargo=${CARGO:-cargo}
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
major=${version%%.*}
case $profile in dev) folder=debug ;; *) folder=$profile ;; esac
built=${CARGO_TARGET_DIR:-$root/target}/$folder

fill() {
  sed -e "s|@NAME@|$name|g" -e "s|@DESCRIPTION@|$description|g" -e "s|@VERSION@|$version|g" -e "s|@MAJOR@|$major|g" \
    -e "s|@NATIVE@|$native|g" "$here/$1.in" >"$to/$2"
  chmod 644 "$to/$2"
}

kib() {
  echo "$(($(wc -c <"$1") / 1024)) KiB"
}

# library NAME PACKAGE CRATE DESCRIPTION HEADERS...
library() {
  name=$1 package=$2 crate=$3 description=$4
  shift 4
  # One build of both libraries, which also says what the static one needs besides itself.
  mkdir -p "$root/target"
  said="$root/target/$package-native-libs"
  (cd "$root" && $cargo rustc --locked -p "$package" --lib --profile "$profile" --color never -- \
    --print native-static-libs) 2>"$said.log" || { cat "$said.log" >&2; exit 1; }
  native=$(sed -n 's/^note: native-static-libs: //p' "$said.log" | tail -1)
  [ -n "$native" ] || { echo "rustc did not say which libraries $package needs" >&2; exit 1; }

  mkdir -p "$to/lib/pkgconfig" "$to/lib/cmake/$name" "$to/include"
  install -m 755 "$built/lib$crate.so" "$to/lib/lib$name.so.$version"
  ln -sf "lib$name.so.$version" "$to/lib/lib$name.so.$major"
  ln -sf "lib$name.so.$major" "$to/lib/lib$name.so"
  sh "$here/static.sh" "$profile" "$built/lib$crate" "$to/lib/lib$name.a"
  for header; do
    install -m 644 "$root/include/$header" "$to/include/"
  done
  fill library.pc "lib/pkgconfig/$name.pc"
  fill Config.cmake "lib/cmake/$name/${name}Config.cmake"
  fill ConfigVersion.cmake "lib/cmake/$name/${name}ConfigVersion.cmake"
  echo "lib$name $version ($profile) is in $to: shared $(kib "$to/lib/lib$name.so.$version"), static $(kib "$to/lib/lib$name.a")"
}

library itemseal itemseal-c itemseal_c \
  "Client-side encryption for DynamoDB items, in the AWS Database Encryption SDK's format" itemseal.h itemseal.hpp
library itemseal_lab itemseal-lab-c itemseal_lab_c \
  "KMS multi-Region keys and DynamoDB global tables in one process, for tests" itemseal_lab.h
