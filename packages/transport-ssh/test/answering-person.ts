import { writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SshEnvironment } from "../src/environment.ts";
import type { TestClient } from "./client.ts";
import type { TestServer } from "./test-server.ts";

/** Creates a person at the terminal who gives one answer to each question of `ssh`. `questions` returns the questions. */
export async function createAnsweringPerson(
  answers: string,
  server: TestServer,
  { environment }: TestClient,
): Promise<{ readonly environment: Partial<SshEnvironment>; questions(): Promise<readonly string[]> }> {
  const log = join(server.root, "questions");
  const program = join(server.root, "askpass");
  writeFileSync(log, "");
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$1" >>'${log}'\necho '${answers}'\n`, { mode: 0o755 });
  return {
    environment: {
      canAsk: true,
      env: { ...environment.env, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force" },
    },
    questions: async () => (await readFile(log, "utf8")).split("\n").filter((line) => line !== ""),
  };
}
