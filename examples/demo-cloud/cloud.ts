import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@unitrain/cloud-emulator/canopywave";

/** User id of `ubuntu` on the emulator's machines, if this program runs as root. */
const ubuntuUid = 1000;
/** Variables that configure package downloads (a mirror, proxy or certificate), which the machines need as well. */
const forwardedVariables = /^(?:PIP_|UV_|(?:HTTPS?|ALL|NO)_PROXY$|SSL_CERT_|REQUESTS_CA_BUNDLE$)/i;

/** Runs `use` with an emulated cloud, and removes the cloud and everything in it afterwards. */
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

/**
 * Creates the folder for environments on this computer, so that a second demo need not install PyTorch again. The disk
 * of a real machine would be gone.
 */
async function prepareEnvironmentsFolder(): Promise<string> {
  const folder = join(getDemoCache(), "environments");
  await mkdir(folder, { recursive: true });
  if (process.getuid?.() === 0) await chown(folder, ubuntuUid, ubuntuUid);
  return folder;
}

/** Returns the folder that this demo keeps between runs. */
export function getDemoCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unitrain", "demo-cloud");
}
