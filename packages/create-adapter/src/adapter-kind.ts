/** The kinds of adapters that a package can be started for. */
export const adapterKinds = ["provider", "framework", "transport", "plugin"] as const;

/** The kind of an adapter: where machines come from, what is trained, how to connect, or what is changed on the way. */
export type AdapterKind = (typeof adapterKinds)[number];
