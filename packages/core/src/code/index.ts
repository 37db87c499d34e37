export { type CodeEntries, type CodeOptions, listCodeEntries } from "./code-entries.ts";
