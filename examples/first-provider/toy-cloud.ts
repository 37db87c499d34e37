import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ExistingResource, ProviderFaults } from "@unitrain/conformance";

interface Item {
  readonly id: string;
  readonly name: string;
  readonly bootedAt: number;
  deletedAt?: number;
}

const bootMs = 4_000;
const deleteMs = 3_000;
const key = "toy_0123456789abcdef";

/**
 * A cloud with one kind of resource, as an HTTP server on this computer:
 *
 * - `GET /price` answers `{ priceUsdPerHour }`.
 * - `PUT /machines/<name>` with `{ maxUsdPerHour, sshKey }` creates a machine, unless that name exists. 409: none at this price.
 * - `GET /machines/<name>` answers `{ id, host, status }`: `booting`, `on`, `deleting`, or `none`.
 * - `DELETE /machines/<name>` deletes it, and answers like GET.
 *
 * It bills until a machine's status is `none`, and it can play what goes wrong at real clouds.
 */
export async function startToyCloud(clock: { readonly now: () => number }) {
  const items: Item[] = [{ id: "machine-0", name: "unitrain-notes", bootedAt: clock.now() }];
  let fault: keyof ProviderFaults | undefined;
  let refusals = 0;

  const exists = ({ deletedAt }: Item) => deletedAt === undefined || deletedAt > clock.now();
  const find = (name: string) => items.find((item) => item.name === name && exists(item));
  const show = (item: Item | undefined) => {
    if (item === undefined) return { status: "none" };
    const status = clock.now() < item.bootedAt ? "booting" : item.deletedAt === undefined ? "on" : "deleting";
    return { id: item.id, host: "192.0.2.1", status: fault === "unknown-status" ? "PONDERING" : status };
  };
  const takeFault = (name: keyof ProviderFaults) => {
    const isPlayed = fault === name;
    if (isPlayed) fault = undefined;
    return isPlayed;
  };

  async function answer(
    request: IncomingMessage,
  ): Promise<{ status: number; body: object; isLost?: boolean }> {
    const name = request.url?.split("/")[2] ?? "";
    const body = await text(request);
    if (request.headers.authorization !== `Bearer ${key}` || fault === "unauthorized")
      return { status: 401, body: { error: "unknown key" } };
    if (fault === "echoed-secret") return { status: 403, body: { error: `${key} may not do this` } };
    if (fault === "hostile-text") return { status: 400, body: { error: "\u001b]0;owned\u0007 is busy" } };
    if (fault === "outage") return { status: 500, body: { error: "try again later" } };
    if (refusals > 0) {
      refusals -= 1;
      return { status: 429, body: { error: "too many requests" } };
    }
    const priceUsdPerHour = fault === "price-raised" ? 4 : 2;
    if (request.url === "/price") return { status: 200, body: { priceUsdPerHour } };
    if (request.method === "PUT" && find(name) === undefined) {
      if (fault === "out-of-stock" || JSON.parse(body).maxUsdPerHour < priceUsdPerHour)
        return { status: 409, body: { error: "there is no such machine" } };
      items.push({ id: `machine-${items.length}`, name, bootedAt: clock.now() + bootMs });
      return { status: 201, body: show(find(name)), isLost: takeFault("lost-answer") };
    }
    const item = find(name);
    if (request.method === "DELETE" && item !== undefined && !takeFault("ignored-delete"))
      item.deletedAt ??= clock.now() + deleteMs;
    return { status: 200, body: show(item) };
  }

  const server = createServer(async (request, response) => {
    if (fault === "silence") return;
    const { status, body, isLost } = await answer(request);
    if (isLost) return response.destroy();
    return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const play = (name: keyof ProviderFaults) => () => {
    fault = name;
  };
  return {
    key,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listExisting: (): readonly ExistingResource[] =>
      items.filter(exists).map(({ id, name }) => ({ kind: "machine", id, name, isFree: false })),
    faults: {
      "lost-answer": play("lost-answer"),
      "ignored-delete": play("ignored-delete"),
      "machine-lost": () => {
        for (const item of items.slice(1)) item.deletedAt ??= clock.now();
      },
      "unknown-status": play("unknown-status"),
      "rate-limit": () => {
        refusals = 2;
      },
      "out-of-stock": play("out-of-stock"),
      "price-raised": play("price-raised"),
      outage: play("outage"),
      silence: play("silence"),
      unauthorized: play("unauthorized"),
      "hostile-text": play("hostile-text"),
      "echoed-secret": play("echoed-secret"),
    },
    clearFaults() {
      fault = undefined;
      refusals = 0;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
