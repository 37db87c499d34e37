import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface Store<State> {
  readonly state: State;
  /** Saves the state. Called after each change, so that the next emulator on this folder continues from here. */
  save(): void;
}

/** Opens the cloud's state: one JSON file, which is replaced atomically. */
export function openStore<State>(folder: string, empty: State): Store<State> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = path.join(folder, "state.json");
  const state = readState<State>(file) ?? empty;
  return {
    state,
    save() {
      const beside = `${file}.${process.pid}`;
      writeFileSync(beside, JSON.stringify(state, undefined, 1), { mode: 0o600 });
      renameSync(beside, file);
    },
  };
}

function readState<State>(file: string): State | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
