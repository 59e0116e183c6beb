#!/bin/sh
# install.sh PROFILE PREFIX [DESTDIR]: builds libitemseal and libitemseal_lab, and installs them with what pkg-config and CMake need.
set -eu

profile=$1 prefix=$2 to=${3:-}$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cargo=${CARGO:-cargo}
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
major=${version%%.*}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fill() {
  sed -e "s|@NAME@|$name|g" -e "s|@DESCRIPTION@|$description|g" -e "s|@VERSION@|$version|g" -e "s|@MAJOR@|$major|g" \
    -e "s|@NATIVE@|$native|g" "$here/$1.in" >"$to/$2"
  chmod 644 "$to/$2"
}

kib() {
  echo "$(($(wc -c <"$1") / 1024)) KiB"
}

# artifact ENDING: the file of the library with this ending, where cargo says that it has put it.
artifact() {
  found=$(sed -n '/"reason":"compiler-artifact".*"name":"'"$crate"'"/s/.*"filenames":\[[^]]*"\([^"]*\'"$1"'\)".*/\1/p' "$said.json")
  [ -f "$found" ] || { echo "cargo did not say where lib$crate$1 is" >&2; exit 1; }
  echo "$found"
}

# build: builds both libraries of $package; shared and archive are their files, native what the static one needs besides itself.
build() {
  said=$scratch/$package
  case $profile in
    dev)
      # As `cargo test --workspace` has it: what that has built is taken, and what this builds is of use there. For another choice of
      # packages cargo would choose other features of the AWS SDK, and build it anew.
      (cd "$root" && $cargo build --locked --quiet --workspace --bin itemseal --test header --example itemseal_hooks \
        --message-format json-render-diagnostics) >"$said.json"
      rlib=$(artifact .rlib)
      echo "extern crate $crate;" | (cd "$root" && ${RUSTC:-rustc} --edition 2021 --crate-type staticlib --crate-name all --print native-static-libs \
        --extern "$crate=$rlib" -L "dependency=$(dirname "$rlib")" -o "$said.a" -) 2>"$said.log" || { cat "$said.log" >&2; exit 1; }
      ;;
    *)
      # Without the rlib, which keeps rustc from optimising across crates.
      (cd "$root" && $cargo rustc --locked -p "$package" --lib --profile "$profile" --crate-type cdylib,staticlib --color never \
        --message-format json-render-diagnostics -- --print native-static-libs) >"$said.json" 2>"$said.log" || { cat "$said.log" >&2; exit 1; }
      ;;
  esac
  shared=$(artifact .so)
  archive=$(artifact .a)
  native=$(sed -n 's/^note: native-static-libs: //p' "$said.log" | tail -1)
  [ -n "$native" ] || { echo "rustc did not say which libraries $package needs" >&2; exit 1; }
}

# library NAME PACKAGE CRATE DESCRIPTION HEADERS...
library() {
  name=$1 package=$2 crate=$3 description=$4
  shift 4
  build

  mkdir -p "$to/lib/pkgconfig" "$to/lib/cmake/$name" "$to/include"
  install -m 755 "$shared" "$to/lib/lib$name.so.$version"
  ln -sf "lib$name.so.$version" "$to/lib/lib$name.so.$major"
  ln -sf "lib$name.so.$major" "$to/lib/lib$name.so"
  sh "$here/static.sh" "$profile" "$shared" "$archive" "$to/lib/lib$name.a"
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
