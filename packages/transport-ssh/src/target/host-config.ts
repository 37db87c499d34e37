import * as z from "zod";

/**
 * What the user's ssh configuration says about one host, as far as it matters here. Tokens, variables and `~` are expanded.
 * The schema checks what was stored in a lease's folder.
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

/** A host as a person names it: what is undefined is left to the configuration. */
export interface HostName {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
}

/** Answers what the configuration says about a host. */
export type ReadHostConfig = (name: HostName) => Promise<HostConfig>;
