import type { DataYaml } from "./data-yaml.ts";
import type { Findings } from "./findings.ts";

/** Reads the class names by id; undefined, with a finding, when the yaml does not define them correctly. */
export function readClassNames(yaml: DataYaml, findings: Findings): readonly string[] | undefined {
  const { names, nc } = yaml.values;
  const fail = (key: string, message: string) => {
    findings.error("class names", yaml.file, message, yaml.getLine(key));
    return undefined;
  };
  const count = nc === undefined || nc === null ? undefined : Number(nc);
  if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
    return fail("nc", `nc is ${JSON.stringify(nc)}, but must be the number of classes.`);
  }
  if (names === undefined || names === null) {
    if (count === undefined) return fail("names", "names and nc are missing: list the names of the classes.");
    if (count > 100_000) return fail("nc", `nc is ${count}, which no model can learn.`);
    return Array.from({ length: count }, (_, id) => `class_${id}`);
  }
  const list = Array.isArray(names) ? names : readNameMap(names);
  if (list === undefined) {
    const hint = typeof names === "string" ? ` Write it as a list: [${names.trim()}].` : "";
    return fail("names", `names is neither a list nor a map from ids to names.${hint}`);
  }
  if (typeof list === "string") return fail("names", list);
  if (list.length === 0) return fail("names", "names is empty.");
  if (list.some((name) => name === undefined || (typeof name === "object" && name !== null))) {
    return fail("names", "A name in names is a list or a map, and not text.");
  }
  if (count !== undefined && count !== list.length) {
    return fail("nc", `nc is ${count}, but names has ${list.length}.`);
  }
  const texts = list.map((name, id) => getNameOrDefault(name, id, yaml, findings));
  warnAboutDuplicates(texts, yaml, findings);
  return texts;
}

/** Returns the class name, or a default with a warning when it is empty. */
function getNameOrDefault(name: unknown, id: number, yaml: DataYaml, findings: Findings): string {
  const text = name === null ? "" : String(name);
  if (text.trim() !== "") return text;
  const message = `The class ${id} has no name: it is called class_${id}.`;
  findings.warning("class names", yaml.file, message, yaml.getLine("names"));
  return `class_${id}`;
}

/** Returns the names of a map in the order of their ids, or a message about invalid ids. */
function readNameMap(names: unknown): readonly unknown[] | string | undefined {
  if (typeof names !== "object" || names === null) return undefined;
  const isInverted = Object.entries(names).every(([name, id]) => /\D/.test(name) && /^\d+$/.test(String(id)));
  if (isInverted) return "names maps names to ids: write the id first, such as 0: cat.";
  const byId = new Map(Object.entries(names).map(([id, name]) => [Number(id), name] as const));
  for (let id = 0; id < byId.size; id++) {
    if (byId.has(id)) continue;
    const count = byId.size === 1 ? "1 entry" : `${byId.size} entries`;
    const message = `names has ${count}, but none with the id ${id}`;
    return id === 0 && byId.has(byId.size)
      ? `${message}: they count from 1, but ids count from 0, in the labels too.`
      : `${message}: ids go from 0 on without a gap.`;
  }
  return Array.from({ length: byId.size }, (_, id) => byId.get(id));
}

function warnAboutDuplicates(names: readonly string[], yaml: DataYaml, findings: Findings): void {
  const duplicate = names.find((name, id) => names.indexOf(name) !== id);
  if (duplicate !== undefined) {
    findings.warning("class names", yaml.file, `Two classes are called ${duplicate}.`, yaml.getLine("names"));
  }
}
