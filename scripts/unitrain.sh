#!/bin/sh
# `npx unitrain` in a clone: the workspace's own command line, from source, without a build.
bin=$(dirname -- "$0")
# Node of the workspace, where the system has none that is new enough.
PATH="$bin:$PATH" exec node --conditions=@unitrain/source "$bin/../../packages/cli/src/bin.ts" "$@"
