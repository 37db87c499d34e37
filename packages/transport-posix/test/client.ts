// A separate client process that a test kills: `node --conditions=@unitrain/source client.ts <what> <json>`.
import { childExecutor } from "../src/executor/child-executor.ts";
import { setsid } from "../src/job/setsid.ts";
import { posixTransport } from "../src/posix-transport.ts";
import { testContext } from "./context.ts";

const [, , step = "", json = "{}"] = process.argv;
const input = JSON.parse(json);
const session = await posixTransport({
  name: "test",
  supports: ["local"],
  connect: async () => childExecutor("sh", ["-c"]),
  launchers: [setsid()],
  workFolder: input.workFolder,
}).connect({ connectionKind: "local" }, testContext());
if ("ready" in session) throw new Error(session.reason);

if (step === "train") {
  await session.start(input.job, {}, testContext());
  console.log("started");
  for await (const part of session.follow(input.job.id, 0, testContext())) {
    if (part.kind === "log") process.stdout.write(part.bytes);
  }
}
if (step === "fetch") {
  await session.fetch(input.file, input.localPath, testContext(), (bytes) => console.log(bytes));
}
if (step === "ship") {
  const manifest = {
    async *entries() {
      yield input.entries;
    },
  };
  await session.ship({ ...input.shipment, manifest }, testContext(), ({ bytes }) => console.log(bytes));
}
