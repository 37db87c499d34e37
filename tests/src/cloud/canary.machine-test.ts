import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createQuotedCanary } from "../canaries/canary.ts";
import { createSearch, describeLeaks } from "../canaries/search.ts";
import { watchProcesses } from "../canaries/watch-processes.ts";
import { createCloudTestbed, guardianLog } from "./cloud-testbed.ts";

const variable = "UNITRAIN_CANARY_TOKEN";
const script = `for n in 1 2 3; do
  echo "epoch $n"; env; echo $n >> "$output/epochs.txt"; printf 'whole end\\n' > "$output/best.model"; sleep 2
done`;

test.runIf(process.platform === "linux")(
  "API key, password, private key and the value of --secret appear in no file, output or process list, also when the guardian continues the run",
  { timeout: 90_000 },
  async (context) => {
    const { client, emulator, folder, over } = await createCloudTestbed(context);
    const home = join(folder, "home");
    const token = createQuotedCanary("--secret");
    process.env[variable] = token.value;
    context.onTestFinished(() => void delete process.env[variable]);
    const secrets = [token, { place: "the API key", value: emulator.apiKey }];
    emulator.watch(({ request: { call, body } }) => {
      if (call === "launch" && typeof body.password === "string")
        secrets.push({ place: "the password of the machine", value: body.password });
    });
    // Faults are reported, and reports could contain secrets.
    emulator.inject({ fault: "server-error-html", times: 2, calls: ["instance"] });
    emulator.inject({ fault: "unauthorized", calls: ["instance"], skip: 1 });
    emulator.inject({ fault: "terminate-fails" });
    const watch = watchProcesses(createSearch([]));
    const first = client("start", script);
    await first.says("job started");

    const keyFile = await findKeyFile(home);
    expect((await lstat(keyFile)).mode & 0o077).toBe(0);
    const privateKey = await readFile(keyFile, "utf8");
    for (const value of splitKeyLines(privateKey)) secrets.push({ place: "the private key", value });
    expect(secrets.length).toBeGreaterThan(5);
    const search = createSearch(secrets);
    const [instance] = emulator.instances();
    const machine = emulator.machine(instance?.id ?? "");
    const machineHome = join("/proc", String(machine?.pid), "root", "home");
    // The raw output of the training holds the secret that it prints: otherwise the search would prove nothing.
    await expect
      .poll(async () => describeLeaks((await search.folder(machineHome)).leaks), { timeout: 20_000 })
      .toEqual([expect.stringMatching(/^--secret \(raw\) is in .*\/jobs\/[^/]+\/log$/)]);
    const ours = async () => (await search.folder(home)).leaks.filter(({ where }) => where !== keyFile);
    expect(describeLeaks(await ours())).toEqual([]);

    await first.kill();
    await over();
    expect(await guardianLog(home)).not.toBe("");
    expect(search.bytes("the output of a process", first.printed())).toEqual([]);
    const written = await search.folder(home);
    const results = await search.folder(join(folder, "out"));
    expect(describeLeaks([...written.leaks, ...results.leaks])).toEqual([]);
    expect(written.files.length + results.files.length).toBeGreaterThan(6);
    expect(written.files).not.toContain(keyFile);
    expect(await readFile(results.files.find((file) => file.endsWith("epochs.txt")) ?? "", "utf8")).toBe(
      "1\n2\n3\n",
    );
    const [log = ""] = written.files.filter((file) => file.endsWith("training.log"));
    expect((await readFile(log, "utf8")).split(`${variable}=[redacted]`)).toHaveLength(4);
    const { commandLines } = watch.stop();
    expect([...commandLines].flatMap((line) => search.bytes(line.slice(0, 200), line))).toEqual([]);
  },
);

async function findKeyFile(home: string): Promise<string> {
  const found = await readdir(home, { recursive: true });
  const keys = found.filter((path) => path.endsWith("id_ed25519"));
  expect(keys).toHaveLength(1);
  return join(home, keys[0] ?? "");
}

function splitKeyLines(key: string): string[] {
  return key.split("\n").filter((line) => line.length > 30 && !line.startsWith("-----"));
}
