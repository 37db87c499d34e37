import type { Session, Transport } from "@unitrain/core/spec";

/** Adds a bug to a transport that works. */
export type Plant = (transport: Transport) => Transport;

export function change(changes: (transport: Transport) => Partial<Transport>): Plant {
  return (transport) => ({ ...transport, ...changes(transport) });
}

export function changeSession(changes: (session: Session) => Partial<Session>): Plant {
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

export function changeShipped(changed: (entries: Entries) => Entries): Plant {
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

export function changeFollowed(changed: (part: Part) => Part | undefined): Plant {
  return changeSession(({ follow }) => ({
    async *follow(...parameters) {
      for await (const part of follow(...parameters)) {
        const next = changed(part);
        if (next !== undefined) yield next;
      }
    },
  }));
}

export function changeListed(accepts: (path: string) => boolean): Plant {
  return changeSession(({ list }) => ({
    async *list(...parameters) {
      for await (const file of list(...parameters)) if (accepts(file.path)) yield file;
    },
  }));
}
