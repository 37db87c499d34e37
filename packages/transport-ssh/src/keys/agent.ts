import {
  type BaseAgent,
  type IdentityCallback,
  type KnownPublicKeys,
  type ParsedKey,
  default as ssh2,
} from "ssh2";
import type { KeySources } from "./key-sources.ts";

/** The user's agent; with `onlyFiles` it offers only the keys that are named. One that does not answer has no keys. */
export function agentOf(
  { agent: path, onlyFiles }: KeySources,
  publicKeys: readonly Buffer[],
): BaseAgent | undefined {
  if (path === undefined) return undefined;
  const agent = ssh2.createAgent(path);
  const found = agent.getIdentities.bind(agent);
  agent.getIdentities = (done: IdentityCallback<string | Buffer | ParsedKey>) =>
    found((error, keys = []) => {
      if (error) done(null, []);
      else
        done(null, onlyFiles ? keys.filter((key) => isNamed(key, publicKeys)) : namedFirst(keys, publicKeys));
    });
  return agent;
}

type AgentKey = KnownPublicKeys<string | Buffer | ParsedKey>[number];

/** A server takes only a few tries. */
function namedFirst(keys: readonly AgentKey[], publicKeys: readonly Buffer[]): AgentKey[] {
  return keys.toSorted((a, b) => Number(isNamed(b, publicKeys)) - Number(isNamed(a, publicKeys)));
}

function isNamed(key: AgentKey, publicKeys: readonly Buffer[]): boolean {
  const bare = typeof key === "object" && "pubKey" in key ? key.pubKey : key;
  const parsed = ssh2.utils.parseKey(typeof bare === "object" && "pubKey" in bare ? bare.pubKey : bare);
  return (
    !(parsed instanceof Error) && publicKeys.some((publicKey) => publicKey.equals(parsed.getPublicSSH()))
  );
}
