import { writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Surroundings } from "../src/surroundings.ts";
import type { TestClient } from "./client.ts";
import type { TestServer } from "./test-server.ts";

/** Somebody who sits at the terminal and answers whatever `ssh` asks; `questions` are what was asked. */
export async function personWho(
  answers: string,
  server: TestServer,
  { surroundings }: TestClient,
): Promise<{ readonly surroundings: Partial<Surroundings>; questions(): Promise<readonly string[]> }> {
  const log = join(server.root, "questions");
  const program = join(server.root, "askpass");
  writeFileSync(log, "");
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$1" >>'${log}'\necho '${answers}'\n`, { mode: 0o755 });
  return {
    surroundings: {
      canAsk: true,
      env: { ...surroundings.env, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force" },
    },
    questions: async () => (await readFile(log, "utf8")).split("\n").filter((line) => line !== ""),
  };
}
