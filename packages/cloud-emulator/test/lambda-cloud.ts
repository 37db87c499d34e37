import { onTestFinished } from "vitest";
import { type Emulator, startEmulator } from "../src/lambda/emulator.ts";
import type { EmulatorOptions } from "../src/lambda/options.ts";
import { type Answer, createTemporaryFolder, createTestClock, send, type TestClock } from "./cloud.ts";
import { driverKey } from "./cloud-driver.ts";

/** An emulated Lambda cloud and a client for one test. */
export interface LambdaCloud {
  readonly emulator: Emulator;
  readonly clock: TestClock;
  call(method: string, path: string, body?: Readonly<Record<string, unknown>>): Promise<Answer>;
  addKey(): Promise<Answer>;
  /** Launches a CPU instance with the key of `addKey`, which is registered first where it is missing. */
  launch(more?: Readonly<Record<string, unknown>>): Promise<Answer>;
}

export async function startLambdaCloud(options: Partial<EmulatorOptions> = {}): Promise<LambdaCloud> {
  const folder = await createTemporaryFolder();
  const clock = createTestClock();
  const emulator = await startEmulator({ others: "none", clock, ...options, folder });
  onTestFinished(() => emulator.close());
  const call: LambdaCloud["call"] = (method, target, body = {}) =>
    send(emulator.apiKey, method, new URL(emulator.url + target), body);
  const addKey = () => call("POST", "/ssh-keys", { name: "unitrain-a-b", public_key: driverKey });
  return {
    emulator,
    clock,
    call,
    addKey,
    async launch(more) {
      if (emulator.keys().length === 0) await addKey();
      return call("POST", "/instance-operations/launch", { ...wanted, ...more });
    },
  };
}

const wanted = {
  name: "unitrain-a-b-1",
  instance_type_name: "cpu_4x_general",
  region_name: "us-east-1",
  ssh_key_names: ["unitrain-a-b"],
};
