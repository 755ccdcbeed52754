#!/bin/sh
# embed.sh SYMBOL HEADER OUT BINDIR FILE...
# Writes OUT.h and OUT.cc: a function SYMBOL() that returns the FILEs as biotope::EmbeddedFile, ordered
# by path. HEADER is how OUT.h is included; BINDIR is a prefix to drop from the path of generated files.
set -eu
LC_ALL=C
export LC_ALL

symbol=$1 header=$2 out=$3 bindir=$4
shift 4
guard=BIOTOPE_$(printf '%s' "$header" | tr 'a-z' 'A-Z' | tr -c 'A-Z0-9' '_')_

cat >"$out.h" <<EOF
#ifndef $guard
#define $guard

#include <span>

#include "tools/bazel/embedded_file.h"

namespace biotope {

std::span<const EmbeddedFile> $symbol();

}  // namespace biotope

#endif  // $guard
EOF

# Octal escapes have three digits always, so that no following character can be taken for a fourth.
escaped_bytes() {
  od -An -v -to1 "$1" | sed 's/ /\\/g; s/.*/    "&"/'
}

# "path-in-the-repository<TAB>file", ordered. A label cannot hold a tab.
table() {
  for file in "$@"; do
    printf '%s\t%s\n' "${file#"$bindir"}" "$file"
  done | sort
}

{
  printf '#include "%s"\n\nnamespace biotope {\nnamespace {\n\n' "$header"
  number=0
  entries=
  while IFS='	' read -r path file; do
    [ -n "$file" ] || continue
    printf 'constexpr char kFile%d[] = ""\n%s;\n\n' "$number" "$(escaped_bytes "$file")"
    # Without the terminating zero.
    entries="$entries    {\"$path\", {kFile$number, sizeof kFile$number - 1}},
"
    number=$((number + 1))
  done <<EOF
$(table "$@")
EOF
  if [ "$number" -gt 0 ]; then
    printf 'constexpr EmbeddedFile kFiles[] = {\n%s};\n\n' "$entries"
    result='return kFiles;'
  else
    result='return {};'
  fi
  printf '}  // namespace\n\nstd::span<const EmbeddedFile> %s() { %s }\n\n' "$symbol" "$result"
  printf '}  // namespace biotope\n'
} >"$out.cc"
