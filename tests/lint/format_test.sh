#!/usr/bin/env bash
# The tree is formatted as .clang-format says. Finds the tree through the link that Bazel makes.
set -euo pipefail
root=$(dirname "$(readlink -f WORKSPACE)")
exec "$root/tools/format" --check
