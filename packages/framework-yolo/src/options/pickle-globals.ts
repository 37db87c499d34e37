/**
 * The argument of a pickle operation: a number of bytes, a number of lines, or a length field of some bytes followed by
 * that many bytes.
 */
type Argument = number | { readonly lines: number } | { readonly length: 1 | 4 | 8 };

const operations: Readonly<Record<number, Argument>> = {
  ...assignArgument("()0212NRQbadelosut]}.", 0),
  ...assignArgument("\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98", 0),
  ...assignArgument("Kqh\x80\x82", 1),
  ...assignArgument("M\x83", 2),
  ...assignArgument("Jjr\x84", 4),
  ...assignArgument("G\x95", 8),
  ...assignArgument("ILSVFgpP", { lines: 1 }),
  ...assignArgument("ci", { lines: 2 }),
  ...assignArgument("UC\x8a\x8c", { length: 1 }),
  ...assignArgument("TBX\x8b", { length: 4 }),
  ...assignArgument("\x8e\x96\x8d", { length: 8 }),
};

const textOperations = new Set([..."VX\x8c\x8d"].map(getCode));
const getOperations = new Set([..."ghj"].map(getCode));
const frameOperations = new Set([..."\x80\x95"].map(getCode));
const putOperations = new Set([..."pqr\x94"].map(getCode));

/** A class or function that a pickle references. */
export interface PickleGlobal {
  readonly module: string;
  readonly name: string;
}

/**
 * Lists the classes and functions that unpickling would import. Reads the operations without executing them, because a
 * pickle can run code. Throws an `Error` when the bytes are not a pickle.
 */
export function listPickleGlobals(pickle: Buffer): readonly PickleGlobal[] {
  const found = new Map<string, PickleGlobal>();
  const add = (module = "", name = "") => found.set(`${module} ${name}`, { module, name });
  const memo = new Map<number, string | undefined>();
  // Only the last two strings on the stack matter, because STACK_GLOBAL takes them.
  let stack: readonly (string | undefined)[] = [];
  const push = (value: string | undefined) => {
    stack = [...stack.slice(-1), value];
  };
  for (let at = 0; at < pickle.length; ) {
    const operation = pickle[at] ?? 0;
    const { bytes, next } = readArgument(pickle, at + 1, operations[operation]);
    if (operation === getCode(".")) return [...found.values()];
    if (textOperations.has(operation)) push(bytes.toString("utf8"));
    else if (getOperations.has(operation)) push(memo.get(readNumber(bytes, operation === getCode("g"))));
    else if (putOperations.has(operation)) {
      memo.set(
        operation === getCode("\x94") ? memo.size : readNumber(bytes, operation === getCode("p")),
        stack.at(-1),
      );
    } else if (operation === getCode("c") || operation === getCode("i")) {
      add(...(bytes.toString("utf8").split("\n") as [string, string]));
      push(undefined);
    } else if (operation === getCode("\x93")) {
      add(...(stack as readonly [string, string]));
      push(undefined);
    } else if (!frameOperations.has(operation)) push(undefined);
    at = next;
  }
  throw new Error("The pickle has no STOP operation.");
}

function readArgument(
  pickle: Buffer,
  at: number,
  argument: Argument | undefined,
): { readonly bytes: Buffer; readonly next: number } {
  if (argument === undefined) throw new Error("The pickle contains an unknown operation.");
  let begin = at;
  let end = at;
  let next = at;
  if (typeof argument === "number") next = end = at + argument;
  else if ("lines" in argument) {
    for (let line = 0; line < argument.lines; line++) {
      end = pickle.indexOf(10, next);
      if (end === -1) throw new Error("The pickle is truncated.");
      next = end + 1;
    }
  } else {
    begin = at + argument.length;
    const length =
      argument.length === 8 ? Number(pickle.readBigUInt64LE(at)) : pickle.readUIntLE(at, argument.length);
    next = end = begin + length;
  }
  if (next > pickle.length) throw new Error("The pickle is truncated.");
  return { bytes: pickle.subarray(begin, end), next };
}

const readNumber = (bytes: Buffer, isDecimal: boolean): number =>
  isDecimal ? Number(bytes.toString("latin1")) : bytes.readUIntLE(0, bytes.length);

function assignArgument(letters: string, argument: Argument): Record<number, Argument> {
  return Object.fromEntries([...letters].map((letter) => [getCode(letter), argument]));
}

function getCode(letter: string): number {
  return letter.charCodeAt(0);
}
