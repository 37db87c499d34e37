import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "vitest";
import { createCloudTestbed, threeEpochs } from "./cloud-testbed.ts";

it.runIf(process.platform === "linux")(
  "API key, password and private key appear in no file, output or process list, and not on the machine",
  async (context) => {
    const { client, emulator, folder, over } = await createCloudTestbed(context);
    const home = join(folder, "home");
    const secrets = [emulator.apiKey];
    emulator.watch(({ request: { call, body } }) => {
      if (call === "launch" && typeof body.password === "string") secrets.push(body.password);
    });
    // Faults are reported, and reports could contain secrets.
    emulator.inject({ fault: "server-error-html", times: 2, calls: ["instance"] });
    emulator.inject({ fault: "unauthorized", calls: ["instance"], skip: 1 });
    emulator.inject({ fault: "terminate-fails" });
    const first = client("start", threeEpochs(1));
    await first.says("job started");

    const keyFiles = (await filesBelow(home)).filter((file) => file.endsWith("id_ed25519"));
    context.expect(keyFiles).toHaveLength(1);
    const [keyFile = ""] = keyFiles;
    context.expect((await lstat(keyFile)).mode & 0o077).toBe(0);
    secrets.push(...splitKeyLines(await readFile(keyFile, "utf8")));
    context.expect(secrets.length).toBeGreaterThan(4);

    const [instance] = emulator.instances();
    const machine = emulator.machine(instance?.id ?? "");
    const machineFiles = await filesBelow(join("/proc", String(machine?.pid), "root", "home"));
    context.expect(machineFiles.some((file) => file.endsWith("epochs.txt"))).toBe(true);
    context.expect(await holding(machineFiles, secrets)).toEqual([]);
    context.expect(await commandLinesWith(secrets)).toEqual([]);
    context
      .expect(
        await holding(
          (await filesBelow(home)).filter((file) => file !== keyFile),
          secrets,
        ),
      )
      .toEqual([]);

    await first.ended;
    await over();
    context.expect(secrets.filter((secret) => first.printed().includes(secret))).toEqual([]);
    const writtenFiles = [...(await filesBelow(home)), ...(await filesBelow(join(folder, "out")))];
    context.expect(writtenFiles.length).toBeGreaterThan(6);
    context.expect(await holding(writtenFiles, secrets)).toEqual([]);
    context.expect(writtenFiles).not.toContain(keyFile);
  },
  60_000,
);

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function holding(files: readonly string[], secrets: readonly string[]): Promise<string[]> {
  const hits: string[] = [];
  for (const file of files) {
    // Files appear and disappear during a run.
    const content = await readFile(file, "latin1").catch(() => "");
    if (secrets.some((secret) => content.includes(secret))) hits.push(file);
  }
  return hits;
}

/** Returns the processes as `ps` shows them to every user. */
async function commandLinesWith(secrets: readonly string[]): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return (
    await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "latin1").catch(() => "")))
  ).filter((line) => secrets.some((secret) => line.includes(secret)));
}

function splitKeyLines(key: string): string[] {
  return key.split("\n").filter((line) => line.length > 30 && !line.startsWith("-----"));
}
