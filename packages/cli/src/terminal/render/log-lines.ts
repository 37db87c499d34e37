import { StringDecoder } from "node:string_decoder";
import { toPlainText } from "@unitrain/core/spec";
import type { Output } from "../../context/cli-context.ts";
import { writeText } from "../write.ts";
import type { LogWriter } from "./log-writer.ts";

/** The maximum length of an unterminated line that is buffered, in characters. A longer line is written in parts. */
const longestLine = 256 * 1024;

/** A log for a terminal: whole lines without escape sequences, and of lines drawn over what was seen last; each as `shown` makes it. */
export function createLogLineWriter(
  output: Output,
  shown: (line: string) => string = (line) => line,
): LogWriter {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  let length = 0;
  const wait = (rest: string) => {
    pieces = rest === "" ? [] : [rest];
    length = rest.length;
  };
  const writeLine = (line: string) => writeText(output, `${shown(toPlainText(getVisibleText(line)))}\n`);
  const take = (text: string) => {
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) {
      // The pieces are joined only at a line end, so that the time is linear in the size of the log.
      const lines = [...pieces, text.slice(0, end - 1)].join("").split("\n");
      for (const line of lines) writeLine(line);
      wait(text.slice(end));
    } else {
      pieces.push(text);
      length += text.length;
    }
    if (length <= longestLine) return;
    const drawn = cutOverdrawnText(pieces.join(""));
    if (drawn.length > longestLine / 2) writeText(output, drawn);
    wait(drawn.length > longestLine / 2 ? "" : drawn);
  };
  return {
    write: (bytes) => take(decoder.write(bytes)),
    end() {
      take(decoder.end());
      if (length > 0) writeLine(pieces.join(""));
      wait("");
    },
  };
}

function getVisibleText(line: string): string {
  return cutOverdrawnText(line).replace(/\r+$/, "");
}

/** Returns the part of a line after its last carriage return, unless nothing follows it. */
function cutOverdrawnText(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1);
}
