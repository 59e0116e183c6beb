#!/bin/sh
# memcheck.sh FOLDER PROGRAM ARGUMENTS…: runs a program under valgrind's memcheck, and fails if it has an error or lost a block. Its
# children are not judged: what a fork leaves of the parent's threads and connections is lost there, as the header says.
set -eu

to=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$to"
log=$to/$(basename "$1")
# The threads and the configuration of what asks AWS, and of a lab, stay until the process ends, and Rust keeps them by pointers into their
# middle: there such blocks are no error.
case $(basename "$1") in
  matrix | matrix_lab | lab | keyrings | client) kinds=definite,indirect ;;
  *) kinds=definite,indirect,possible ;;
esac
valgrind --leak-check=full --errors-for-leak-kinds=$kinds --suppressions="$here/valgrind.supp" \
  --log-file="$log.%p" "$@" &
program=$!
trap 'kill "$program" 2>/dev/null' INT TERM
status=0
wait $program || status=$?
if [ $status != 0 ] || ! grep -q 'ERROR SUMMARY: 0 errors' "$log.$program"; then
  cat "$log.$program" >&2
  echo "$(basename "$1") under memcheck: exit status $status, see $log.$program" >&2
  exit 1
fi
