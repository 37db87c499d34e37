import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TransportRuleId } from "@unitrain/conformance";
import { type Session, type Transport, UnitrainError } from "@unitrain/core/spec";

type Plant = (transport: Transport) => Transport;

/** One bug for each rule of the transport suite, in a transport that otherwise works. A rule without a bug is a type error. */
export const plantedTransportBugs: Readonly<Record<TransportRuleId, Plant>> = {
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
  // Jobs.
  "transport/job-outlives-the-connection": changeSession((session) => {
    let last = "";
    return {
      async start(job, secrets, context) {
        last = job.id;
        await session.start(job, secrets, context);
      },
      async [Symbol.asyncDispose]() {
        const never = { signal: new AbortController().signal } as Parameters<Session["stop"]>[2];
        if (last !== "") await session.stop(last, 0, never).catch(() => {});
        await session[Symbol.asyncDispose]();
      },
    };
  }),
  "transport/start-is-idempotent": changeSession(({ start, run }) => {
    const started = new Set<string>();
    return {
      async start(job, secrets, context) {
        if (started.has(job.id)) await run({ argv: job.argv, env: job.env }, context);
        started.add(job.id);
        await start(job, secrets, context);
      },
    };
  }),
  "transport/job-gets-its-input": changeSession(({ start }) => ({
    start: (job, secrets, context) =>
      start({ ...job, argv: job.argv.map((word) => word.trim()) }, secrets, context),
  })),
  "transport/secrets-are-not-written": changeSession(({ start, facts }) => ({
    async start(job, secrets, context) {
      const { workFolder } = await facts(context);
      await start(job, secrets, context);
      if (secrets.TOKEN !== undefined)
        await writeFile(join(workFolder, "environment"), `TOKEN=${secrets.TOKEN}`);
    },
  })),
  "transport/job-errors-hold-no-secret": changeSession(({ start }) => ({
    async start(job, secrets, context) {
      if (job.cwd.startsWith("/dev/null/")) throw new Error(`cannot start with ${JSON.stringify(secrets)}`);
      await start(job, secrets, context);
    },
  })),
  "transport/unknown-job-was-never-started": changeSession(({ getJobState }) => ({
    async getJobState(jobId, context) {
      const state = await getJobState(jobId, context);
      return state.state === "never-started" ? { state: "lost", detail: "no files", logBytes: 0 } : state;
    },
  })),
  "transport/signals-become-exit-codes": changeSession(({ getJobState }) => ({
    async getJobState(jobId, context) {
      const state = await getJobState(jobId, context);
      return state.state === "ended" && state.exitCode > 128 ? { ...state, exitCode: -1 } : state;
    },
  })),
  "transport/stop-asks-first": changeSession(({ stop }) => ({
    stop: (jobId, _graceMs, context) => stop(jobId, 0, context),
  })),
  "transport/stop-ends-every-process": changeSession(({ stop }) => ({
    async stop(jobId, graceMs, context) {
      const stopped = stop(jobId, graceMs === 0 ? 0 : 20_000, context).catch(() => {});
      await (graceMs === 0 ? stopped : Promise.race([stopped, sleep(1_500)]));
    },
  })),
  "transport/stop-is-idempotent": changeSession(({ stop, getJobState }) => ({
    async stop(jobId, graceMs, context) {
      const { state } = await getJobState(jobId, context);
      if (state !== "running") throw new Error(`${jobId} does not run`);
      await stop(jobId, graceMs, context);
    },
  })),
  // Following a job.
  "transport/follow-yields-every-byte": changeFollowed((part) =>
    part.kind === "log" ? { ...part, bytes: Buffer.from(Buffer.from(part.bytes).toString()) } : part,
  ),
  "transport/follow-continues-at-an-offset": changeSession(({ follow }) => ({
    follow: (jobId, _offset, context) => follow(jobId, 0, context),
  })),
  "transport/half-read-stream-is-left": changeSession((session) => {
    let isBroken = false;
    return {
      async *follow(jobId, offset, context) {
        isBroken = true;
        yield* session.follow(jobId, offset, context);
        isBroken = false;
      },
      async run(command, context) {
        if (isBroken) throw new UnitrainError("CONNECTION_LOST", "The stream is still open.");
        return session.run(command, context);
      },
    };
  }),
  "transport/watched-files-arrive": changeFollowed((part) => (part.kind === "log" ? part : undefined)),
  // Files.
  "transport/list-finds-every-file": changeListed((path) => !path.split("/").at(-1)?.includes("\n")),
  "transport/list-follows-no-links": changeSession(({ list }) => ({
    async *list(root, context) {
      yield* list(root, context);
      const linked = join(root, "link/secret.txt");
      const content = await readFile(linked).catch(() => undefined);
      if (content !== undefined) yield { path: linked, sizeBytes: 1, modifiedAt: new Date(0).toISOString() };
    },
  })),
  "transport/missing-folder-has-no-files": changeSession(({ list, run }) => ({
    async *list(root, context) {
      const { exitCode } = await run({ argv: ["test", "-d", root] }, context);
      if (exitCode !== 0) throw new Error(`${root} is missing`);
      yield* list(root, context);
    },
  })),
  "transport/fetch-is-exact": changeSession(({ fetch }) => ({
    async fetch(...parameters) {
      const { sha256 } = await fetch(...parameters);
      return { sha256: sha256.toUpperCase() };
    },
  })),
  "transport/fetch-replaces-wrong-parts": changeSession(({ fetch }) => ({
    async fetch(file, localPath, ...rest) {
      const part = await readFile(localPath).catch(() => undefined);
      await rm(localPath, { force: true });
      const fetched = await fetch(file, localPath, ...rest);
      if (part === undefined) return fetched;
      const rest_ = (await readFile(localPath)).subarray(part.length);
      await writeFile(localPath, Buffer.concat([part, rest_]));
      return fetched;
    },
  })),
  "transport/missing-file-is-an-error": changeSession(({ fetch }) => ({
    fetch: (...parameters) => fetch(...parameters).catch(() => ({ sha256: "" })),
  })),
  "transport/fetch-many-is-exact": changeSession(({ fetchMany }) => ({
    fetchMany: (files, context, saved) => fetchMany(files, context, (file) => saved(file, file.file.path)),
  })),
  "transport/fetch-many-skips-missing-files": changeSession(({ fetchMany }) => ({
    async fetchMany(files, context, saved) {
      let count = 0;
      await fetchMany(files, context, (file, sha256) => {
        count += 1;
        saved(file, sha256);
      });
      if (count < files.length) throw new Error("files are missing");
    },
  })),
  "transport/snapshot-is-a-copy": changeSession(() => ({
    async snapshot(file, target) {
      await rename(file.path, target);
      return { ...file, path: target };
    },
  })),
  "transport/remove-stays-in-the-work-folder": changeSession(() => ({
    remove: (path) => rm(path, { recursive: true, force: true }),
  })),
  "transport/remove-is-idempotent": changeSession(({ remove, run }) => ({
    async remove(path, context) {
      const { exitCode } = await run({ argv: ["test", "-e", path] }, context);
      if (exitCode !== 0) throw new Error(`${path} is missing`);
      await remove(path, context);
    },
  })),
};

function change(changes: (transport: Transport) => Partial<Transport>): Plant {
  return (transport) => ({ ...transport, ...changes(transport) });
}

function changeSession(changes: (session: Session) => Partial<Session>): Plant {
  return change(({ connect }) => ({
    async connect(machine, context) {
      const session = await connect(machine, context);
      return "ready" in session ? session : { ...session, ...changes(session) };
    },
  }));
}

type Entries = Parameters<Session["ship"]>[0]["manifest"] extends { entries(): AsyncIterable<infer Batch> }
  ? Batch
  : never;

function changeShipped(changed: (entries: Entries) => Entries): Plant {
  return changeSession(({ ship }) => ({
    async ship(shipment, ...rest) {
      const entries = async function* () {
        for await (const batch of shipment.manifest.entries()) yield changed(batch);
      };
      // Another digest, so that the transport does not take it for the same content.
      const digest = shipment.digest.replace(/^./, (first) => (first === "0" ? "1" : "0"));
      return ship({ ...shipment, digest, manifest: { entries } }, ...rest);
    },
  }));
}

type Part = ReturnType<Session["follow"]> extends AsyncIterable<infer Followed> ? Followed : never;

function changeFollowed(changed: (part: Part) => Part | undefined): Plant {
  return changeSession(({ follow }) => ({
    async *follow(...parameters) {
      for await (const part of follow(...parameters)) {
        const next = changed(part);
        if (next !== undefined) yield next;
      }
    },
  }));
}

function changeListed(accepts: (path: string) => boolean): Plant {
  return changeSession(({ list }) => ({
    async *list(...parameters) {
      for await (const file of list(...parameters)) if (accepts(file.path)) yield file;
    },
  }));
}
