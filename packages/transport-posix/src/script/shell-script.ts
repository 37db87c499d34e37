import { encodeScript } from "./quote.ts";
import type { ScriptInput } from "./script-input.ts";

/** Where `printf` is not a builtin, an argument may have 128 KiB, and in octal a byte takes up to four characters. */
const maxScriptBytes = 24 * 1024;
/** Small, because an old `dd` reads the input byte by byte. */
const maxInputBytes = 16 * 1024;

/** Whether an open shell can run the script: a long script, and an input that is a stream, need a command of their own. */
export function canRunInOpenShell(
  script: string,
  stdin: ScriptInput | undefined,
): stdin is Uint8Array | undefined {
  if (Buffer.byteLength(script) > maxScriptBytes) return false;
  return stdin === undefined || (stdin instanceof Uint8Array && stdin.length <= maxInputBytes);
}

/**
 * Builds the program of an open shell: it runs scripts from standard input one after the other, each in a subshell.
 *
 * With `endsAllProcesses`, processes that still run when the input ends are ended too: a program that blocks on a file would otherwise
 * outlive a lost connection. Works only where this shell leads a process group of its own and jobs can leave that group.
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

/** Encodes one script and its input for {@link buildShellScript}. */
export function buildRequest(script: string, stdin: Uint8Array | undefined): Buffer {
  const run = `(eval "$(printf "${encodeScript(script)}")")`;
  if (stdin === undefined || stdin.length === 0) return Buffer.from(`${run} </dev/null\n`);
  // Input that the script does not read is consumed too, so that it does not become part of the next script.
  const line = `unitrain_input ${stdin.length} | { ${run}; cat >/dev/null; }\n`;
  return Buffer.concat([Buffer.from(line), stdin]);
}
