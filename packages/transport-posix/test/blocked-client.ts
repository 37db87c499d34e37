// A separate client process that a test kills while one of our scripts blocks on a pipe: `node --conditions=@unitrain/source blocked-client.ts <pipe>`.
import { childExecutor } from "../src/executor/child-executor.ts";
import { openShells } from "../src/script/shells.ts";

const [, , pipe = ""] = process.argv;
const shells = openShells(childExecutor("sh", ["-c"]));
const running = await shells.dedicated.open(
  `mkfifo '${pipe}'; sh -c 'echo $$ blocked; exec cat "$0"' '${pipe}'`,
);
for await (const chunk of running.stdout) process.stdout.write(chunk);
