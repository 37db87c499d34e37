import type { Output } from "../../context/cli-context.ts";
import type { LogWriter } from "./log-writer.ts";

/** Creates a writer for a pipe or a file. It removes only what could control a terminal; carriage returns stay. */
export function createPipedLogWriter(output: Output): LogWriter {
  const stripper = createEscapeStripper();
  const write = (bytes: Buffer) => {
    if (bytes.length > 0) output.write(bytes);
  };
  return { write: (bytes) => write(stripper.push(bytes)), end: () => write(stripper.end()) };
}

/** Removes escape sequences and control characters from a stream of bytes. All other bytes stay, even if they are not text. */
export interface EscapeStripper {
  push(bytes: Buffer): Buffer;
  end(): Buffer;
}

export function createEscapeStripper(): EscapeStripper {
  let held = "";
  return {
    push(bytes) {
      const text = held + bytes.toString("latin1");
      if (text.search(control) === -1) {
        held = "";
        return bytes.length === text.length ? bytes : Buffer.from(text, "latin1");
      }
      const begun = text.search(unfinished);
      const end = begun === -1 || text.length - begun > longestHeld ? text.length : begun;
      const kept = strip(text.slice(0, end));
      // The next piece may continue a C1 character whose bytes were apart.
      const isOpen = kept.endsWith(c1Lead);
      held = isOpen ? c1Lead + text.slice(end) : text.slice(end);
      return Buffer.from(isOpen ? kept.replace(/\u00c2+$/, "") : kept, "latin1");
    },
    end() {
      const rest = strip(held);
      held = "";
      return Buffer.from(rest, "latin1");
    },
  };
}

/** Removes sequences, and then C1 characters, whose two bytes the removal of a sequence may have brought together. */
function strip(text: string): string {
  return text.replace(sequences, "").replace(/\u00c2+[\u0080-\u009f]/g, "");
}

/** The first byte of a C1 character in UTF-8. */
const c1Lead = "\u00c2";

/** The maximum length of a sequence in bytes. Of a longer one, only the escape character is removed. */
const longestHeld = 4096;

/** Control characters except tabs and line ends. The C1 ones are two bytes in UTF-8, of which the first may end a piece. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\u00c2(?:[\u0080-\u009f]|$)/;

// Colors and cursor movements, titles and links, device strings, and short ones; at last a control character by itself. A sequence
// ends with its line at the latest, as in toPlainText: one that never ends must not hide the lines after it.
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\n\u0007\u001b]*(?:\u0007|\u001b\\)|[PX^_][^\n\u001b]*\u001b\\|[ -/]*[0-OQ-WYZ\\`-~])?|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]/g;

/** A sequence or character whose end may be in the next piece. */
const unfinished =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /\u001b(?:\[[0-?]*[ -/]*|\][^\n\u0007\u001b]*\u001b?|[PX^_][^\n\u001b]*\u001b?|[ -/]*)$|\u00c2$/;
