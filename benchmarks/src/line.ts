import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext } from "@unitrain/core/spec";
import { compare } from "./harness.ts";
import { type Bench, withServer } from "./server.ts";

/** Prints lines with the time at which they are written, in nanoseconds. */
const job = "n=0; while [ $n -lt 40 ]; do date +%s%N; n=$((n+1)); sleep 0.1; done";

/** Measures the delay until a line of a training's log arrives: the median of 40 lines. */
export async function line(): Promise<void> {
  await withServer(async (bench) => {
    await compare({
      title: "a line of the log, from there to here",
      unit: "ms",
      rounds: 5,
      ours: { name: "unitrain", run: () => measureUnitrain(bench) },
      peer: { name: "ssh tail -f", run: () => measureTail(bench) },
    });
  });
}

async function measureUnitrain(bench: Bench): Promise<number> {
  const session = await bench.session();
  const id = `line-${Date.now()}`;
  const { workFolder } = await session.facts(createContext());
  const command = {
    id,
    argv: ["sh", "-c", job],
    env: {},
    secrets: [],
    cwd: `${workFolder}/${id}`,
    watch: [],
  };
  await session.start({ ...command, needs: { gpus: 0 }, title: "lines" }, {}, createContext());
  const delays = createDelayReader();
  for await (const part of session.follow(id, 0, createContext()))
    if (part.kind === "log") delays.take(Buffer.from(part.bytes));
  await session[Symbol.asyncDispose]();
  return delays.middle();
}

async function measureTail(bench: Bench): Promise<number> {
  const [program = "", ...words] = bench.ssh;
  const file = `/tmp/unitrain-line-${process.pid}`;
  const script = `: > ${file}; { ${job}; } > ${file} & tail -f --pid=$! ${file}; rm ${file}`;
  const child = spawn(program, [...words, script], { stdio: ["ignore", "pipe", "inherit"] });
  const delays = createDelayReader();
  for await (const bytes of child.stdout) delays.take(bytes as Buffer);
  return delays.middle();
}

function createDelayReader() {
  const delays: number[] = [];
  let rest = "";
  return {
    take(bytes: Buffer) {
      const now = Date.now();
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const written of lines) delays.push(now / 1000 - Number(written) / 1e9);
    },
    middle() {
      delays.sort((a, b) => a - b);
      if (delays.length < 30) throw new Error(`only ${delays.length} of 40 lines came`);
      return delays[Math.floor(delays.length / 2)] ?? 0;
    },
  };
}

function createContext(): CallContext {
  return {
    signal: new AbortController().signal,
    secret: () => {},
    showStatus: () => {},
    wait: (ms) => sleep(ms),
  };
}
