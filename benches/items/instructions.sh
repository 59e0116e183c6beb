#!/bin/sh
# instructions.sh PROGRAM FILE [record]: how many instructions an item takes, by callgrind, beside those in FILE. Fails if one takes
# over 5 % more. With `record`, FILE is written anew.
#
# The difference of two runs counts, so that starting and building the item do not. valgrind's processor has AVX2 and AES-NI where the
# machine has them, and never AVX-512: the figures are of that code of AWS-LC's.
set -eu

program=$1 file=$2 record=${3:-}
few=50 many=250
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

# run ROW COUNT: all its instructions.
run() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>"$said/log" || { cat "$said/log" >&2; exit 1; }
  sed -n 's/^==[0-9]*== Collected : //p' "$said/log"
}

for flag in avx2 aes; do
  grep -qw "$flag" /proc/cpuinfo || { echo "instructions: NOT COMPARED, this machine has no $flag"; exit 0; }
done
for row in "typical HMAC encrypt" "typical HMAC decrypt" "typical ECDSA encrypt" "typical ECDSA decrypt"; do
  first=$(run "$row" $few)
  second=$(run "$row" $many)
  echo "$row	$(((second - first) / (many - few)))"
done >"$said/now"
if [ -n "$record" ]; then
  cp "$said/now" "$file"
  cat "$file"
  exit
fi
awk -F '\t' '
  NR == FNR { before[$1] = $2; next }
  {
    growth = ($2 / before[$1] - 1) * 100
    printf "%-24s %9d instructions, recorded %9d, %+5.1f %%\n", $1, $2, before[$1], growth
    if (!($1 in before) || growth > 5) worse = 1
    compared++
  }
  END {
    if (worse || compared != 4) { print "an item takes over 5 % more instructions than recorded: make instructions RECORD=record, if so it must be"; exit 1 }
    print "instructions: none over 5 % more than recorded"
  }' "$file" "$said/now"
