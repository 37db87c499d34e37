import {
  type BaseAgent,
  type IdentityCallback,
  type KnownPublicKeys,
  type ParsedKey,
  default as ssh2,
} from "ssh2";
import type { KeySources } from "./key-sources.ts";

/** Connects to the user's agent. With `usesOnlyFiles` it offers only the keys of those files. An agent that does not answer has no keys. */
export function createAgent(
  { agent: path, usesOnlyFiles: onlyFiles }: KeySources,
  publicKeys: readonly Buffer[],
): BaseAgent | undefined {
  if (path === undefined) return undefined;
  const agent = ssh2.createAgent(path);
  const getIdentities = agent.getIdentities.bind(agent);
  agent.getIdentities = (done: IdentityCallback<string | Buffer | ParsedKey>) =>
    getIdentities((error, keys = []) => {
      if (error) done(null, []);
      else
        done(
          null,
          onlyFiles ? keys.filter((key) => isNamed(key, publicKeys)) : sortNamedFirst(keys, publicKeys),
        );
    });
  return agent;
}

type AgentKey = KnownPublicKeys<string | Buffer | ParsedKey>[number];

/** Puts named keys first, because a server allows only a few attempts. */
function sortNamedFirst(keys: readonly AgentKey[], publicKeys: readonly Buffer[]): AgentKey[] {
  return keys.toSorted((a, b) => Number(isNamed(b, publicKeys)) - Number(isNamed(a, publicKeys)));
}

function isNamed(key: AgentKey, publicKeys: readonly Buffer[]): boolean {
  const publicKey = typeof key === "object" && "pubKey" in key ? key.pubKey : key;
  const parsed = ssh2.utils.parseKey(
    typeof publicKey === "object" && "pubKey" in publicKey ? publicKey.pubKey : publicKey,
  );
  return (
    !(parsed instanceof Error) && publicKeys.some((publicKey) => publicKey.equals(parsed.getPublicSSH()))
  );
}
