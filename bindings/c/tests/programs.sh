# Read by run.sh and asan.sh, which set prefix, here and to: where each program's source is, and how each is run.
strict="-std=c99 -Wall -Wextra -Wpedantic -Werror"

# source_of PROGRAM
source_of() {
  case $1 in
    matrix | matrix_lab) echo "$to/$1.c" ;;
    lab) echo "$here/../../c-lab/tests/lab.c" ;;
    *) echo "$here/$1.c" ;;
  esac
}

# write_matrix HEADER…: the programs that are made from headers, itemseal.h or itemseal_lab.h.
write_matrix() {
  for header; do
    name=matrix${header#itemseal}
    python3 "$here/matrix.py" "$prefix/include/$header.h" "$here/$name.h" >"$to/$name.c"
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
      config | matrix | matrix_lab) given=$from/files ;;
      fuzz) given=$count ;;
      threads) given=$long ;;
    esac
    # The panic that is asked for would tell its whole way.
    RUST_BACKTRACE=0 "$@" "$from/$program" $given 2>"$from/$program.err" ||
      { cat "$from/$program.err" >&2; echo "$program failed" >&2; exit 1; }
  done
}
