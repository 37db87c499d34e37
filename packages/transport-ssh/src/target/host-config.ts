import * as z from "zod";

/**
 * The relevant part of the user's ssh configuration for one host, with tokens, variables and `~` expanded. The schema validates what
 * was stored in the folder of a lease.
 */
export const hostConfigSchema = z.object({
  hostName: z.string().optional(),
  port: z.number().int().min(1).max(65535).optional(),
  user: z.string().optional(),
  /** Undefined when none is configured, and the default names apply; empty after `IdentityFile none`. */
  identityFiles: z.array(z.string()).optional(),
  certificateFiles: z.array(z.string()),
  identitiesOnly: z.boolean(),
  agent: z.string().optional(),
  userKnownHostsFiles: z.array(z.string()).optional(),
  globalKnownHostsFiles: z.array(z.string()).optional(),
  hostKeyAlias: z.string().optional(),
  /** `ask` unless the configuration says otherwise. */
  strictHostKeyChecking: z.string().optional(),
  gssapi: z.boolean(),
  proxyJump: z.string().optional(),
  proxyCommand: z.string().optional(),
  /** Options for the `ssh` program alone that are not its defaults: algorithms, GSSAPI, PKCS#11. */
  sshOptions: z.array(z.tuple([z.string(), z.string()])),
});

export type HostConfig = Readonly<z.infer<typeof hostConfigSchema>>;

/** A host as a person names it. The configuration decides what is undefined. */
export interface HostName {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
}

/** Returns what the configuration says about a host. */
export type ReadHostConfig = (name: HostName) => Promise<HostConfig>;
