import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TransportRuleId } from "@unitrain/conformance";
import { change, changeSession, changeShipped, type Plant } from "./plant.ts";

/** Bugs of the adapter, its connections, commands and uploads. */
export const plantedConnectionBugs = {
  // The adapter and its connections.
  "transport/has-all-members": change(() => ({ secretPatterns: ["key_.*"] as never })),
  "transport/recipe-is-json": change(({ recipe }) => ({
    recipe: { module: "test", exportName: "test", secrets: [], ...recipe, options: { since: new Date(0) } },
  })),
  "transport/facts-are-usable": changeSession(({ facts }) => ({
    facts: async (context) => ({ ...(await facts(context)), cpus: 0 }),
  })),
  "transport/unreachable-is-not-ready": change(({ connect }) => ({
    async connect(machine, context) {
      const session = await connect(machine, context);
      if ("ready" in session && context.workFolder === undefined) throw new Error(session.reason);
      return session;
    },
  })),
  "transport/missing-work-folder-is-not-created": change(({ connect }) => ({
    async connect(machine, context) {
      if (context.workFolder !== undefined) await mkdir(context.workFolder, { recursive: true });
      return connect(machine, context);
    },
  })),
  "transport/closing-twice-is-harmless": changeSession((session) => {
    let isClosed = false;
    return {
      async [Symbol.asyncDispose]() {
        if (isClosed) throw new Error("the session is closed");
        isClosed = true;
        await session[Symbol.asyncDispose]();
      },
    };
  }),
  "transport/cut-is-a-lost-connection": changeSession(({ run }) => ({
    run: (command, context) =>
      run(command, context).catch((error) => {
        if (error.code !== "CONNECTION_LOST") throw error;
        return { exitCode: 255, stdout: "", stderr: "" };
      }),
  })),
  "transport/private-key-stays-private": change(({ identity }) => ({
    async identity(context) {
      await writeFile(join(context.folder, "copy of the key"), "private", { mode: 0o644 });
      return identity?.(context) ?? { publicKey: "" };
    },
  })),
  // Commands.
  "transport/arguments-arrive-unchanged": changeSession(({ run }) => ({
    run: ({ argv, ...command }, context) =>
      run({ ...command, argv: argv.map((word) => word.replaceAll("`id`", "root")) }, context),
  })),
  "transport/variables-arrive-unchanged": changeSession(({ run }) => ({
    run: ({ env = {}, ...command }, context) => {
      const entries = Object.entries(env).map(([name, value]) => [name, value.replaceAll("\n", " ")]);
      return run({ ...command, env: Object.fromEntries(entries) }, context);
    },
  })),
  "transport/exit-codes-are-exact": changeSession(({ run }) => ({
    async run(command, context) {
      const result = await run(command, context);
      return { ...result, exitCode: result.exitCode === 255 ? 1 : result.exitCode };
    },
  })),
  "transport/stdin-arrives-whole": changeSession(({ run }) => ({
    run: ({ stdin, ...command }, context) =>
      run({ ...command, ...(stdin === undefined ? {} : { stdin: stdin.subarray(0, 65_536) }) }, context),
  })),
  "transport/output-is-bounded": changeSession(({ run }) => ({
    async run(command, context) {
      const result = await run(command, context);
      return { ...result, stdout: result.stdout.slice(0, 100_000) };
    },
  })),
  "transport/any-output-is-returned": changeSession(({ run }) => ({
    async run(command, context) {
      const result = await run(command, context);
      return { ...result, stdout: result.stdout.split("\0")[0] ?? "" };
    },
  })),
  "transport/abort-ends-a-command": changeSession(({ run }) => ({
    run: (command, context) => run(command, { ...context, signal: new AbortController().signal }),
  })),
  // Uploads.
  "transport/ship-delivers-every-file": changeSession(({ ship }) => ({
    async ship(shipment, ...rest) {
      const result = await ship(shipment, ...rest);
      await rm(join(shipment.target, ".hidden"), { force: true });
      return result;
    },
  })),
  "transport/ship-keeps-executables": changeShipped((entries) =>
    entries.map(({ executable: _, ...entry }) => entry),
  ),
  "transport/ship-can-be-repeated": changeSession(({ ship }) => {
    let isShipped = false;
    return {
      async ship(...parameters) {
        if (isShipped) throw new Error("the target exists");
        isShipped = true;
        return ship(...parameters);
      },
    };
  }),
  "transport/ship-verifies-digests": changeSession(({ ship }) => ({
    ship: (...parameters) => ship(...parameters).catch(() => ({ sentBytes: 1, reusedBytes: 0 })),
  })),
  "transport/ship-stays-in-its-target": changeSession(({ ship }) => ({
    async ship(shipment, ...rest) {
      for await (const batch of shipment.manifest.entries()) {
        for (const { path, from } of batch) {
          if (!path.startsWith("..") || !("bytes" in from)) continue;
          const escaped = join(shipment.target, path);
          await mkdir(dirname(escaped), { recursive: true });
          await writeFile(escaped, from.bytes);
        }
      }
      return ship(shipment, ...rest);
    },
  })),
  // Cuts within a transfer.
  "transport/cut-upload-is-repeated": changeSession(({ ship }) => ({
    ship: (shipment, ...rest) =>
      ship(shipment, ...rest).catch((error) => {
        if (error.code !== "CONNECTION_LOST") throw error;
        return { sentBytes: shipment.bytes, reusedBytes: 0 };
      }),
  })),
} satisfies Partial<Record<TransportRuleId, Plant>>;
