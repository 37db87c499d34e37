import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@unitrain/cloud-emulator/canopywave";

/** The first user of a machine of the emulator, where this program runs as root. */
const ubuntuUid = 1000;
/** How packages are found from here (a mirror, a proxy, a certificate) is how they are found from the machine. */
const forwardedVariables = /^(?:PIP_|UV_|(?:HTTPS?|ALL|NO)_PROXY$|SSL_CERT_|REQUESTS_CA_BUNDLE$)/i;

/** An emulated cloud in a folder of its own, removed with everything it ran when `use` is over. */
export async function withCloud<T>(use: (cloud: Emulator) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-cloud-"));
  try {
    await using cloud = await startEmulator({
      folder: join(folder, "cloud"),
      machines: "real",
      boot: { buildMs: 2_000, activeToSshMs: 1_500, silentMs: 500, bootingUpMs: 1_000, terminateMs: 1_000 },
      share: [{ from: await prepareEnvironmentsFolder(), to: remoteEnvironmentsFolder, how: "write" }],
      environment: Object.fromEntries(
        Object.entries(process.env).filter(
          (entry): entry is [string, string] =>
            forwardedVariables.test(entry[0]) && !/[\n]/.test(entry[1] ?? "\n"),
        ),
      ),
    });
    return await use(cloud);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const remoteEnvironmentsFolder = "/home/ubuntu/.cache/unitrain/1/environments";

/** Kept on this computer, so that a second demo need not install PyTorch again: a real machine's disk would be gone. */
async function prepareEnvironmentsFolder(): Promise<string> {
  const folder = join(getDemoCache(), "environments");
  await mkdir(folder, { recursive: true });
  if (process.getuid?.() === 0) await chown(folder, ubuntuUid, ubuntuUid);
  return folder;
}

/** What this demo keeps between two times. */
export function getDemoCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unitrain", "demo-cloud");
}
