import { encodeScript } from "./quote.ts";
import type { ScriptInput } from "./script-input.ts";

/** Where `printf` is a program of its own, an argument has room for 128 KiB; in octal every byte may be four characters. */
const maxScriptBytes = 24 * 1024;
/** Read at once by `dd`, or byte by byte. */
const maxInputBytes = 16 * 1024;

/** Whether an open shell can run it: a long script, or an input that is a stream, takes a command of its own. */
export function canRunInOpenShell(
  script: string,
  stdin: ScriptInput | undefined,
): stdin is Uint8Array | undefined {
  if (Buffer.byteLength(script) > maxScriptBytes) return false;
  return stdin === undefined || (stdin instanceof Uint8Array && stdin.length <= maxInputBytes);
}

/**
 * Runs scripts one after the other, each in a subshell, as they come over standard input.
 *
 * With `endsAll`, what still runs when the input ends is ended too: a program that blocks on a file would otherwise outlive a lost
 * connection. Only where this shell leads a process group of its own, and where jobs can leave that group.
 */
export function buildShellScript(endsAllProcesses: boolean): string {
  return `
if dd iflag=fullblock count=0 </dev/null >/dev/null 2>&1
then unitrain_input() { dd bs="$1" count=1 iflag=fullblock 2>/dev/null; }
else unitrain_input() { dd bs=1 count="$1" 2>/dev/null; }
fi
unitrain_requests() { while IFS= read -r unitrain_request; do eval "$unitrain_request"; done; }
if ${endsAllProcesses ? "kill -s 0 -- -$$ 2>/dev/null" : "false"} &&
  { command -v setsid || command -v perl || command -v python3; } >/dev/null 2>&1
then { cat; kill -s TERM 0; } | unitrain_requests
else unitrain_requests
fi
`;
}

/** One script for {@link shellScript}, and its input. */
export function buildRequest(script: string, stdin: Uint8Array | undefined): Buffer {
  const run = `(eval "$(printf "${encodeScript(script)}")")`;
  if (stdin === undefined || stdin.length === 0) return Buffer.from(`${run} </dev/null\n`);
  // The rest is taken too: what a script does not read must not become the next one.
  const line = `unitrain_input ${stdin.length} | { ${run}; cat >/dev/null; }\n`;
  return Buffer.concat([Buffer.from(line), stdin]);
}
