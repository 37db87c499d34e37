import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FrameworkCommandLine, UnitrainError } from "@unitrain/core/spec";
import { attempt, demand, describeError } from "../../suite/demand.ts";
import { findControlCharacters, findJsonFault } from "../../suite/texts.ts";
import { frameworkRules } from "../rule.ts";

/** Words that people type by mistake. */
const oddWords = ["=", "=1", "no-such-option=1", "epochs=", "--", "a\nb=c", "ä=1", "it's", ""];

/** Rules about the framework's part of the command line. */
export const commandLineRules = frameworkRules([
  {
    id: "framework/options-are-declared-once",
    demand:
      "Each setting and option has a name of its own and one line of help, because parser, help and completions are derived from it.",
    needs: ["command-line"],
    async check(start) {
      const { settings = [], options = [] } = readCommandLine((await start()).subject);
      const fault = findJsonFault(settings);
      demand(fault === undefined, `In the settings, ${fault}. Declare settings as plain data.`);
      const listed = typeof options === "function" ? await options() : options;
      for (const [kind, names] of Object.entries({
        setting: settings.map(({ name }) => name),
        flag: settings.flatMap(({ flag = [] }) => flag),
        "configuration key": settings.flatMap(({ configKey = [] }) => configKey),
        option: listed.map(({ name }) => name),
      })) {
        const twice = names.find((name, at) => names.indexOf(name) !== at);
        demand(twice === undefined, `The ${kind} ${twice} is declared twice. Remove one of them.`);
      }
      for (const { name, help = "a word" } of [...settings, ...listed]) {
        const isOneLine =
          help !== "" && !/[\n\r]|\.$/.test(help) && findControlCharacters(help) === undefined;
        demand(
          isOneLine,
          `The help of ${name} is ${JSON.stringify(help)}. Write one line without a period at its end.`,
        );
      }
    },
  },
  {
    id: "framework/odd-words-are-refused",
    demand:
      "Words that the framework cannot read end in `INVALID_OPTIONS`, because any other error looks like a fault of unitrain.",
    needs: ["command-line"],
    async check(start) {
      const commandLine = readCommandLine((await start()).subject);
      const { readOptions, pastedLines } = commandLine;
      const common = { configured: {}, configFolder: "/home/me", settings: {} };
      for (const word of oddWords) {
        await demandInvalidOptions("readOptions()", word, async () =>
          readOptions?.({ ...common, words: [word] }),
        );
        await demandInvalidOptions("pastedLines", word, async () => {
          for (const words of [[word], ...(pastedLines?.programs ?? []).map((program) => [program, word])]) {
            if (pastedLines?.matches(words)) pastedLines.read(words);
          }
        });
      }
      if (readOptions === undefined) return;
      const unknown = await attempt("readOptions()", readOptions({ ...common, words: ["no-such-option=1"] }));
      demand(
        "error" in unknown && describeError(unknown.error).includes("no-such-option"),
        "readOptions() did not refuse the word no-such-option=1 by its name. Throw INVALID_OPTIONS that names the first invalid word.",
      );
    },
  },
  {
    id: "framework/init-survives-any-folder",
    demand:
      "`init` proposes something in every folder, also an empty one or one with broken files, because people start there.",
    needs: ["command-line"],
    async check(start) {
      const { subject, localFolder: folder } = await start();
      const { init } = readCommandLine(subject);
      if (init === undefined) return;
      const broken = join(folder, "broken");
      await mkdir(join(broken, "it's $HOME"), { recursive: true });
      for (const name of ["data.yaml", "requirements.txt", "train.py"]) {
        await writeFile(join(broken, name), Buffer.from([0xff, 0xfe, 0, ...Buffer.from(": [{\n\t- :")]));
      }
      await symlink("nowhere", join(broken, "data.yml"));
      for (const where of [folder, broken]) {
        const looking = async () => {
          const [dataset] = await init.findDatasets(where);
          const proposed = await init.proposeOptions({ folder: where, dataset, flagValues: {} });
          init.deriveOptions?.(Object.fromEntries(proposed.map(({ name, value }) => [name, value])));
        };
        const result = await attempt("init", looking());
        const what = where === broken ? "with broken files" : "without a dataset";
        if ("error" in result) {
          demand(
            false,
            `init failed in a folder ${what}: ${describeError(result.error)}. Leave out what cannot be read.`,
          );
        }
      }
    },
  },
]);

function readCommandLine({
  commandLine,
}: {
  readonly commandLine?: FrameworkCommandLine;
}): FrameworkCommandLine {
  return commandLine ?? {};
}

async function demandInvalidOptions(call: string, word: string, read: () => Promise<unknown>): Promise<void> {
  const result = await attempt(call, read());
  if ("value" in result) return;
  const { error } = result;
  demand(
    UnitrainError.isInstance(error) && error.code === "INVALID_OPTIONS",
    `For the word ${JSON.stringify(word)}, ${call} failed with ${describeError(error)}. Throw INVALID_OPTIONS.`,
  );
}
