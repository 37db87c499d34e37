import { relative } from "node:path";
import { parseArgs } from "node:util";
import { toPlainLine, UnitrainError } from "@unitrain/core/spec";
import { type AdapterKind, adapterKinds } from "./adapter-kind.ts";
import { askForKind, askForName } from "./ask.ts";
import { createAdapter } from "./create-adapter.ts";

/** What the command needs of its process. */
export interface CommandContext {
  /** Whether a person can answer questions. */
  readonly isInteractive: boolean;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** The program to install with: `npm`. */
  readonly packageManager: string;
}

const usage = `Starts a package with an adapter for unitrain.

  npm create @unitrain/adapter
  npm create @unitrain/adapter -- --kind provider --name desk

  --kind <kind>      ${adapterKinds.join(", ")}
  --name <name>      what users write: desk for the package unitrain-provider-desk, or @me/desk
  --folder <folder>  where to write it; by default a folder named after the package
`;

/** Runs the command, and returns its exit code: 2 for a wrong use, 130 if the person left. */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    const { values, positionals } = parse(argv);
    if (values.help === true) {
      context.write(usage);
      return 0;
    }
    const kind = values.kind ?? (context.isInteractive ? await askForKind() : undefined);
    if (kind === undefined) return leave(context, "--kind");
    const givenName = values.name ?? positionals[0];
    const name = givenName ?? (context.isInteractive ? await askForName(kind as AdapterKind) : undefined);
    if (name === undefined) return leave(context, "--name");
    const created = await createAdapter({
      kind: kind as AdapterKind,
      name,
      ...(values.folder === undefined ? {} : { folder: values.folder }),
    });
    const folder = relative(process.cwd(), created.folder) || ".";
    context.write(`Wrote ${created.files.length} files of ${created.packageName}. Continue with:

  cd ${/^[\w@./-]+$/.test(folder) ? folder : JSON.stringify(folder)}
  ${context.packageManager} install
  ${context.packageManager} run build
  ${context.packageManager} test

The comments "// 1." and so on in src and test say what to fill in, in this order.
`);
    return 0;
  } catch (error) {
    if (!UnitrainError.isInstance(error)) throw error;
    context.writeError(
      `${toPlainLine(error.message)}\n${error.hint === undefined ? "" : `${toPlainLine(error.hint)}\n`}`,
    );
    return error.code === "INVALID_OPTIONS" ? 2 : 1;
  }
}

function parse(argv: readonly string[]) {
  try {
    const parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        kind: { type: "string" },
        name: { type: "string" },
        folder: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (parsed.positionals.length > 1)
      throw new Error(`Unexpected argument ${JSON.stringify(parsed.positionals[1])}`);
    return parsed;
  } catch (error) {
    throw new UnitrainError("INVALID_OPTIONS", `${(error as Error).message.split(". ")[0]}.`, {
      hint: "See --help.",
    });
  }
}

/** Ends without a package: a person has left, or there is nobody to ask. */
function leave({ isInteractive, writeError }: CommandContext, flag: string): number {
  if (isInteractive) return 130;
  writeError(
    `${flag} is missing, and there is no terminal to ask in.\nWrite: npm create @unitrain/adapter -- --kind provider --name desk\n`,
  );
  return 2;
}
