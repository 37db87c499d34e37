#!/usr/bin/env node
// The unscoped name is ours so that nobody else's program answers to `npx unitrain`.
import "@unitrain/cli/bin";
