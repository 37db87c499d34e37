/** Takes terminal escape sequences out of bytes that come in pieces; every other byte stays, also where it is not text. */
export interface EscapeStripper {
  push(bytes: Buffer): Buffer;
  end(): Buffer;
}

export function createEscapeStripper(): EscapeStripper {
  let held = "";
  const stripped = (text: string) => Buffer.from(text.replace(sequences, ""), "latin1");
  return {
    push(bytes) {
      if (held === "" && !bytes.includes(escapeByte)) return bytes;
      const text = held + bytes.toString("latin1");
      const begun = text.search(unfinished);
      const end = begun === -1 || text.length - begun > longestHeld ? text.length : begun;
      held = text.slice(end);
      return stripped(text.slice(0, end));
    },
    end() {
      const rest = stripped(held);
      held = "";
      return rest;
    },
  };
}

const escapeByte = 0x1b;
/** What goes on for longer is not a sequence: only its escape character is taken out. */
const longestHeld = 4096;

// Colors and cursor movements, titles and links, device strings, and short ones; at last an escape character of nothing.
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[PX^_][^\u001b]*\u001b\\|[ -/]*[0-OQ-WYZ\\`-~])?/g;

/** A sequence whose end may be in the next piece. */
const unfinished =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?|[PX^_][^\u001b]*\u001b?|[ -/]*)$/;
