# What the scripts in this folder share. To be sourced, with `root` set to the root of the repository.
# shellcheck shell=bash

# Exit codes are those of biotope itself (docs/cli.md).
readonly EXIT_USAGE=2 EXIT_ENVIRONMENT=4

log() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die EXIT_CODE MESSAGE
die() {
  log "$2"
  exit "$1"
}

# Prints the head comment of the calling script, from its third line.
usage() {
  sed -n '3,/^[^#]/ { /^#/ !d; s/^# \{0,1\}//; p }' "$0"
}

# Progress only for people.
if [[ -t 2 ]]; then
  ui_flags=()
else
  ui_flags=(--color=no --curses=no --noshow_progress)
fi

# bazel COMMAND...: in the root of the repository.
bazel() { (cd "$root" && command bazel "$1" "${ui_flags[@]}" "${@:2}"); }

# build_quietly TARGET: what Bazel says reaches standard error when it fails, or when a person waits.
build_quietly() {
  local output
  if [[ -t 2 ]]; then
    bazel build --ui_event_filters=-info,-stdout -- "$1" >&2
  elif ! output=$(bazel build -- "$1" 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

# build_biotope: builds the program and sets `program` to its path.
build_biotope() {
  build_quietly //sim/cli:biotope || die "$EXIT_ENVIRONMENT" "the build failed"
  program=$(bazel info bazel-bin 2>/dev/null)/sim/cli/biotope
}
