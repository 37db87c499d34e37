export { type AdapterKind, adapterKinds } from "./adapter-kind.ts";
export { type CreateAdapterOptions, type CreatedAdapter, createAdapter } from "./create-adapter.ts";
