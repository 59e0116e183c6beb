#!/bin/sh
# install.sh PROFILE PREFIX [DESTDIR]: builds libitemseal and installs it with what pkg-config and CMake need.
set -eu

profile=$1 prefix=$2 to=${3:-}$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cargo=${CARGO:-cargo}
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
major=${version%%.*}

# One build of both libraries, which also says what the static one needs besides itself.
mkdir -p "$root/target"
said="$root/target/itemseal-c-native-libs"
(cd "$root" && $cargo rustc --locked -p itemseal-c --lib --profile "$profile" --color never -- \
  --print native-static-libs) 2>"$said.log" || { cat "$said.log" >&2; exit 1; }
native=$(sed -n 's/^note: native-static-libs: //p' "$said.log" | tail -1)
[ -n "$native" ] || { echo "rustc did not say which libraries the static library needs" >&2; exit 1; }

case $profile in dev) folder=debug ;; *) folder=$profile ;; esac
built=${CARGO_TARGET_DIR:-$root/target}/$folder

mkdir -p "$to/lib/pkgconfig" "$to/lib/cmake/itemseal" "$to/include"
install -m 755 "$built/libitemseal_c.so" "$to/lib/libitemseal.so.$version"
ln -sf "libitemseal.so.$version" "$to/lib/libitemseal.so.$major"
ln -sf "libitemseal.so.$major" "$to/lib/libitemseal.so"
install -m 644 "$built/libitemseal_c.a" "$to/lib/libitemseal.a"
for header in "$root"/include/itemseal.h "$root"/include/itemseal.hpp; do
  [ ! -e "$header" ] || install -m 644 "$header" "$to/include/"
done

fill() {
  sed -e "s|@VERSION@|$version|g" -e "s|@MAJOR@|$major|g" -e "s|@NATIVE@|$native|g" "$here/$1.in" >"$to/$2"
  chmod 644 "$to/$2"
}
fill itemseal.pc lib/pkgconfig/itemseal.pc
fill itemsealConfig.cmake lib/cmake/itemseal/itemsealConfig.cmake
fill itemsealConfigVersion.cmake lib/cmake/itemseal/itemsealConfigVersion.cmake
echo "libitemseal $version ($profile) is in $to"
