#!/bin/sh
# Run by Bazel before each build, in the root of the workspace: which source is this? An archive
# without git has no answer, and that is no error. A repository around such an archive is not ours.
commit=unknown
dirty=0
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
  commit=$(git rev-parse --quiet --verify HEAD) || commit=unknown
  [ -z "$(git status --porcelain 2>/dev/null)" ] || dirty=1
fi
echo "STABLE_GIT_COMMIT $commit"
echo "STABLE_GIT_DIRTY $dirty"
