import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";

export interface CommandOutput {
  readonly exitCode: number;
  /** Everything that the command printed, stdout first. */
  readonly output: string;
}

interface CommandOptions {
  readonly cwd: string;
  /** The Node with which the command runs. By default the one that runs the tests. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const maxMs = 4 * 60_000;

/** Runs a command as a user's shell would: without the settings of the workspace, npm's variables or the source condition. */
export async function run(
  argv: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<CommandOutput> {
  const [program, ...words] = argv;
  const { cwd, node = process.execPath, env } = options;
  try {
    const { stdout, stderr } = await promisify(execFile)(program, words, {
      cwd,
      env: { ...createUserEnvironment(node), ...env },
      timeout: maxMs,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "", message } = error as Error & Record<string, string | undefined>;
    return { exitCode: typeof code === "number" ? code : -1, output: `${stdout}${stderr}` || message };
  }
}

/** Runs a command that must succeed, and returns its output. */
export async function mustRun(
  argv: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<string> {
  const { exitCode, output } = await run(argv, options);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")} ended with ${exitCode}:\n${output}`);
  return output;
}

/** What npm and vitest add to the environment would change what is installed and found. The registry stays the configured one. */
function createUserEnvironment(node: string): NodeJS.ProcessEnv {
  const added = /^(npm_(?!config_registry$)|NODE_|VITEST|VITE_|TEST$|INIT_CWD$|PNPM_)/;
  const kept = Object.entries(process.env).filter(
    ([name]) => !added.test(name) || name === "NODE_EXTRA_CA_CERTS",
  );
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
  return { ...Object.fromEntries(kept), PATH: `${dirname(node)}${delimiter}${path}` };
}
