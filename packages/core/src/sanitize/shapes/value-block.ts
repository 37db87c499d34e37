import type { Block } from "./block.ts";
import { maskSpans } from "./spans.ts";
import { isPlaceholder } from "./values.ts";

/** A form in which passwords stand in the lines after their name. */
interface BlockShape {
  readonly opens: RegExp;
  /** A line with a password, which is group 1. */
  readonly entry: RegExp;
  /** Whether all lines of the block are indented more than the first. */
  readonly isIndented: boolean;
  readonly mostLines: number;
}

const shapes: readonly BlockShape[] = [
  // YAML: `password: |` and the value in the next line
  {
    opens: /pass(?:word|wd|phrase)?["']?\s{0,4}:\s{0,4}[|>][+-]?\d?\s*$/i,
    entry: /^\s+(\S.*?)\s*$/,
    isIndented: true,
    mostLines: 1,
  },
  // cloud-init
  {
    opens: /^\s*(?:- )?chpasswd:\s*$/,
    entry: /^\s+(?:- )?[\w.-]{1,64}:([^\s:]\S*)\s*$/,
    isIndented: true,
    mostLines: 32,
  },
  // the environment of a container in Kubernetes
  {
    opens: /\bname:\s{0,4}["']?\w*pass(?:word|wd|phrase)?["']?\s*$/i,
    entry: /^\s+value:\s+["']?([^\s"']+)["']?\s*$/,
    isIndented: true,
    mostLines: 1,
  },
  // a form with several parts
  {
    opens: /\bname="[\w-]*pass(?:word|wd|phrase)?"\s*$/i,
    entry: /^(\S+)\s*$/,
    isIndented: false,
    mostLines: 2,
  },
  // a shell's here-document
  {
    opens: /\bchpasswd\b[^\n]{0,40}<<-?\s*['"]?\w+/,
    entry: /^\s*[\w.-]{1,64}:(\S+)\s*$/,
    isIndented: false,
    mostLines: 32,
  },
  // Terraform
  {
    opens: /\bvariable\s+"\w*pass(?:word|wd|phrase)?"\s*\{\s*$/i,
    entry: /^\s+default\s*=\s*"([^"\r\n]+)"/,
    isIndented: true,
    mostLines: 12,
  },
];

/** Creates a block for a line that announces passwords in the next lines, or returns undefined. `maskText` masks all other lines. */
export function openValueBlock(line: Buffer, maskText: (text: string) => string): Block | undefined {
  const opening = line.toString("latin1");
  const shape = shapes.find(({ opens }) => opens.test(opening.slice(-200)));
  if (shape === undefined || opening.length > 1024) return undefined;
  const lines = [opening];
  const end = () =>
    lines.map((text, index) => (index === 0 ? undefined : maskEntry(text, shape)) ?? maskText(text)).join("");
  return {
    add(next) {
      const text = next.toString("latin1");
      const belongs = shape.isIndented
        ? text.trim() === "" || getIndent(text) > getIndent(opening)
        : text.trim() === "" || shape.entry.test(text);
      if (!belongs || text.length > 1024) return { masked: end(), isOther: true };
      lines.push(text);
      return lines.length > shape.mostLines ? { masked: end(), isOther: false } : undefined;
    },
    close: end,
  };
}

/** Masks the password in a line, or returns undefined if there is none. */
function maskEntry(text: string, { entry }: BlockShape): string | undefined {
  const value = entry.exec(text)?.[1];
  if (value === undefined || isPlaceholder(value)) return undefined;
  const start = text.lastIndexOf(value);
  return maskSpans(text, [{ start, end: start + value.length }]);
}

function getIndent(text: string): number {
  return text.length - text.trimStart().length;
}
