import { toPlainLine } from "@unitrain/core/spec";
import { knownSecrets } from "./known-secrets.ts";

// Every question to a person is asked here, on stderr: names in it may come from elsewhere, and must not control the terminal.

export interface Question {
  readonly message: string;
  /** Ends the question without an answer. */
  readonly signal?: AbortSignal;
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

const output = process.stderr;

/** Asks a yes-no question. Ctrl-C means no. */
export async function askToConfirm(question: Question, initialValue = true): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ ...plain(question), initialValue, output })) === true;
}

/** Asks to choose one of several values. Returns undefined at Ctrl-C. */
export async function askToSelect<Value extends string>(
  question: Question,
  choices: readonly Choice<Value>[],
  initialValue?: Value,
): Promise<Value | undefined> {
  const { isCancel, select } = await import("@clack/prompts");
  const options = choices.map(plainChoice);
  const answer = await select<string>({
    ...plain(question),
    options,
    ...(initialValue === undefined ? {} : { initialValue }),
    output,
  });
  return isCancel(answer) ? undefined : (answer as Value);
}

/** Asks to choose any number of values. Returns undefined at Ctrl-C. */
export async function askToSelectMany(
  question: Question,
  choices: readonly Choice<string>[],
): Promise<readonly string[] | undefined> {
  const { isCancel, multiselect } = await import("@clack/prompts");
  const answer = await multiselect<string>({
    ...plain(question),
    options: choices.map(plainChoice),
    required: false,
    output,
  });
  return isCancel(answer) ? undefined : answer;
}

/** Asks for a text. Returns undefined at Ctrl-C. */
export async function askForText(
  question: Question & { readonly placeholder?: string; readonly initialValue?: string },
  validate?: (value: string | undefined) => string | undefined,
): Promise<string | undefined> {
  const { isCancel, text } = await import("@clack/prompts");
  const { placeholder, initialValue } = question;
  const answer = await text({
    ...plain(question),
    ...(placeholder === undefined ? {} : { placeholder: toPlainLine(placeholder) }),
    ...(initialValue === undefined ? {} : { initialValue: toPlainLine(initialValue) }),
    ...(validate === undefined ? {} : { validate }),
    output,
  });
  return isCancel(answer) ? undefined : answer;
}

/** Asks for a secret, which is not shown. Returns undefined at Ctrl-C. */
export async function askForSecret(question: Question): Promise<string | undefined> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({ ...plain(question), output });
  if (isCancel(answer)) return undefined;
  knownSecrets.add(answer);
  return answer;
}

/** Shows the title of several questions. */
export async function showTitle(title: string): Promise<void> {
  const { intro } = await import("@clack/prompts");
  intro(toPlainLine(title), { output });
}

function plain({ message, signal }: Question) {
  return { message: toPlainLine(message), ...(signal === undefined ? {} : { signal }) };
}

function plainChoice({ value, label, hint }: Choice<string>) {
  return { value, label: toPlainLine(label), ...(hint === undefined ? {} : { hint: toPlainLine(hint) }) };
}
