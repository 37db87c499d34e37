import { type CallContext, defineProvider, type ReleaseProof, UnitrainError } from "@unitrain/core/spec";

type Machine = Readonly<Record<"id" | "status" | "host", string>>;

/** Rents machines of the toy cloud in `toy-cloud.ts`, with the key in `TOY_CLOUD_KEY`. */
export default function toyCloud({ url = "https://toy-cloud.example" }: { readonly url?: string }) {
  async function request<T>(path: string, context: CallContext, init?: RequestInit, tries = 3): Promise<T> {
    const key = process.env.TOY_CLOUD_KEY ?? "";
    context.secret(key); // From now on, unitrain masks the key in all its output.
    const options = { ...init, headers: { authorization: `Bearer ${key}` }, signal: context.signal };
    const response = await fetch(url + path, options).catch(() => undefined);
    if (response?.ok) return (await response.json()) as T;
    const answer = response?.status ?? "nothing";
    if (answer === 409) throw new UnitrainError("OUT_OF_STOCK", "The toy cloud has no such machine.");
    if ((answer !== 429 && answer !== "nothing") || tries === 1)
      throw new UnitrainError("PROVIDER_UNAVAILABLE", `The toy cloud answered ${answer}.`);
    await context.wait(1_000); // Each request can be repeated, because PUT creates a name only once.
    return request(path, context, init, tries - 1);
  }
  return defineProvider({
    name: "toy",
    recipe: { module: import.meta.url, exportName: "default", options: { url }, secrets: ["TOY_CLOUD_KEY"] },
    connectionKind: "ssh",
    ownership: "rented",
    async quote({ gpus = 1, maxUsdPerHour = Number.POSITIVE_INFINITY }, context) {
      const { priceUsdPerHour } = await request<{ priceUsdPerHour: number }>("/price", context);
      if (gpus > 1 || priceUsdPerHour > maxUsdPerHour)
        throw new UnitrainError("NOT_AVAILABLE", "The toy cloud has one GPU for more than that.");
      const bill = { priceUsdPerHour, upfrontUsd: 0, otherUsdPerHour: 0, billingTickSeconds: 60 };
      const offer = { machine: "toy machine", gpus: 1, available: "yes", interruptible: false } as const;
      return { ...bill, ...offer, bootSeconds: { likely: 4, high: 10 }, reference: null };
    },
    listPlannedResources: (lease) => [{ kind: "machine", name: `unitrain-${lease}`, onRelease: "delete" }],
    async lease({ priceUsdPerHour }, context) {
      const machine = { kind: "machine", name: `unitrain-${context.leaseId}`, onRelease: "delete" } as const;
      await context.record(machine); // In the ledger, on disk, before it costs money.
      if (context.stopSignal.aborted) return;
      const body = JSON.stringify({ maxUsdPerHour: priceUsdPerHour, sshKey: context.publicKey });
      const { id } = await request<Machine>(`/machines/${machine.name}`, context, { method: "PUT", body });
      await context.record({ ...machine, id });
    },
    async getMachineState([resource], context) {
      const { status, host } = await request<Machine>(`/machines/${resource?.name}`, context);
      const machine = { connectionKind: "ssh", trust: "lease", host } as const;
      if (status === "on") return { state: "running", machine };
      if (status === "booting") return { state: "starting", detail: status };
      if (status === "none") return { state: "gone", evidence: "The toy cloud has no such machine." };
      return { state: "unknown", detail: "The toy cloud reported an unknown status." };
    },
    async release(resources, context) {
      const proofs: ReleaseProof[] = []; // Core calls this again until there is a proof for each machine.
      for (const item of resources.filter(({ onRelease }) => onRelease === "delete")) {
        const { status } = await request<Machine>(`/machines/${item.name}`, context, { method: "DELETE" });
        const evidence = "The toy cloud answered that there is no such machine.";
        if (status === "none") proofs.push({ resource: item, evidence, goneAt: new Date().toISOString() });
      }
      return proofs;
    },
  });
}
