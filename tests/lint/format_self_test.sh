#!/usr/bin/env bash
# tools/format finds planted files, names them, and mends them.
set -euo pipefail
root=$(dirname "$(readlink -f WORKSPACE)")

tree=$TEST_TMPDIR/tree
mkdir -p "$tree/sim" "$tree/tools"
cp "$root/.clang-format" "$tree/"
cp "$root/tools/format" "$root/tools/common.sh" "$tree/tools/"
printf 'int good = 1;\n' >"$tree/sim/good.cc"
printf 'int  bad=1 ;\n' >"$tree/sim/bad.h"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

if found=$("$tree/tools/format" --check 2>"$TEST_TMPDIR/errors"); then
  fail "--check accepted sim/bad.h"
fi
[[ $found == "sim/bad.h" ]] || fail "--check named '$found' instead of sim/bad.h"
"$tree/tools/format"
[[ $(<"$tree/sim/bad.h") == "int bad = 1;" ]] || fail "sim/bad.h is still badly formatted"
"$tree/tools/format" --check || fail "--check refuses what tools/format wrote"
