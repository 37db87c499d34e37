/** Returns a picture of a terminal. `text` is what a program wrote, with the colors and styles of ANSI (`ESC [ 32 m`) and no cursor moves. */
export function drawTerminal(text: string, title: string): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const columns = Math.max(...lines.map((line) => line.replace(sequence, "").length));
  const [width, height] = [
    Math.ceil(columns * letterWidth + 2 * padding),
    lines.length * lineHeight + 2 * padding + barHeight,
  ];
  const rows = lines.map((line, row) => {
    const y = barHeight + padding + (row + 0.75) * lineHeight;
    return `<text x="${padding}" y="${y}">${drawLine(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d4dbe3;white-space:pre}${colors}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#101820"/>`,
    ...["#f87171", "#fbbf24", "#34d399"].map(
      (color, dot) => `<circle cx="${padding + 4 + dot * 18}" cy="18" r="5.5" fill="${color}"/>`,
    ),
    ...rows,
    "</svg>\n",
  ].join("\n");
}

const [letterWidth, lineHeight, padding, barHeight] = [8.43, 19, 18, 22];
const colors = ".s1{font-weight:700;fill:#fff}.s2{fill:#8a97a6}.s32{fill:#4ade80}.s36{fill:#22d3ee}";
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins a sequence.
const sequence = /\u001b\[(\d+)m/g;

/** Returns the spans of a line. Each has the length that its text has in a terminal, whatever the reader's font is. */
function drawLine(line: string): string {
  const [first = "", ...styled] = line.split(sequence);
  const spans = [{ style: "0", text: first }];
  for (let at = 0; at < styled.length; at += 2)
    spans.push({ style: styled[at] ?? "0", text: styled[at + 1] ?? "" });
  let column = 0;
  return spans
    .map(({ style, text }) => {
      const x = (padding + column * letterWidth).toFixed(1);
      column += text.length;
      if (text.trim() === "") return "";
      const length = (text.length * letterWidth).toFixed(1);
      return `<tspan x="${x}" textLength="${length}" lengthAdjust="spacing"${style === "0" ? "" : ` class="s${style}"`}>${escapeXml(text)}</tspan>`;
    })
    .join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
