#!/bin/sh
# static.sh PROFILE SHARED ARCHIVE TO: makes the static library TO of ARCHIVE. It exports what SHARED does, and nothing else: Rust's
# standard library and AWS-LC are in it under no names that anything could clash with, not even another such library.
set -eu

profile=$1 shared=$2 archive=$3 to=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

${NM:-nm} -D --defined-only "$shared" | sed -n 's/.* T \(itemseal_[a-z0-9_]*\)$/\1/p' >"$work/exports"
[ -s "$work/exports" ] || { echo "$shared exports nothing" >&2; exit 1; }

# One object of all that these functions need ...
sed 's/^/-u /' "$work/exports" >"$work/roots"
${LD:-ld} -r --gc-sections --force-group-allocation -o "$work/all.o" "@$work/roots" "$archive"
# ... in which all other names are local. The standard library's bitcode is of no use in it, and tools of other versions of
# LLVM cannot read it. (In a library that is not released, lines stay known to debuggers.)
case $profile in dev) strip= ;; *) strip=--strip-debug ;; esac
# shellcheck disable=SC2086
${OBJCOPY:-objcopy} --remove-section=.llvmbc --remove-section=.llvmcmd $strip --keep-global-symbols="$work/exports" \
  "$work/all.o" "$work/one.o"

rm -f "$to"
${AR:-ar} rcs "$to" "$work/one.o"
chmod 644 "$to"
${NM:-nm} -g --defined-only "$to" | sed -n 's/^[0-9a-f]* [A-Za-z] //p' | sort >"$work/has"
sort "$work/exports" | diff - "$work/has" >&2 || { echo "$to exports other names than $shared" >&2; exit 1; }
