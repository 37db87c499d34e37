import { createHash, generateKeyPairSync } from "node:crypto";
import type { Reply } from "../../http/reply.ts";
import { alive, isIn, type World } from "../world/world.ts";
import { data, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { optionalText, placeOf, text } from "./place.ts";

export function sshKeys(world: World, request: CallRequest): Reply {
  const place = placeOf(world, request);
  const keys = alive(world, world.state.keys).filter((key) => isIn(key, place));
  return data(
    keys.map(({ name, fingerprint, publicKey }) => ({
      keypair: { name, fingerprint, public_key: publicKey },
    })),
  );
}

export function createSshKey(world: World, request: CallRequest): Reply {
  const place = placeOf(world, request);
  const name = text(request, "name");
  if (alive(world, world.state.keys).some((key) => isIn(key, place) && key.name === name)) {
    throw new Refusal(409, `Key pair '${name}' already exists.`);
  }
  const sentKey = optionalText(request, "publicKey");
  const generated = sentKey === undefined ? makeRsaKey(name) : undefined;
  const publicKey = sentKey?.trim() ?? generated?.publicKey ?? "";
  world.state.keys.push({
    name,
    ...place,
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    createdAtMs: world.clock.now(),
    isForeign: false,
    goneAtMs: null,
  });
  return data(generated ?? { name, publicKey, fingerprint: fingerprintOf(publicKey) });
}

export function deleteSshKey(world: World, request: CallRequest): Reply {
  const place = placeOf(world, request);
  const key = alive(world, world.state.keys).find(
    (candidate) => isIn(candidate, place) && candidate.name === request.id,
  );
  if (key === undefined) throw new Refusal(404, `Keypair ${request.id} not found`);
  key.goneAtMs = world.clock.now();
  return data({ name: key.name });
}

/** MD5 of the key's bytes, in pairs. */
export function fingerprintOf(publicKey: string): string {
  const [kind, encoded] = publicKey.split(/\s+/);
  const isKnownType = kind !== undefined && /^(ssh-|ecdsa-|sk-)/.test(kind);
  if (!isKnownType || encoded === undefined || !/^[A-Za-z0-9+/]+=*$/.test(encoded)) {
    throw new Refusal(400, "Keypair data is invalid: failed to generate fingerprint");
  }
  const digest = createHash("md5").update(Buffer.from(encoded, "base64")).digest("hex");
  return digest.match(/../g)?.join(":") ?? digest;
}

function makeRsaKey(comment: string): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { e = "", n = "" } = pair.publicKey.export({ format: "jwk" });
  const parts = [Buffer.from("ssh-rsa"), positive(e), positive(n)];
  const encoded = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])).toString("base64");
  return {
    privateKey: pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    publicKey: `ssh-rsa ${encoded} ${comment}`,
  };
}

/** OpenSSH's integers are signed: a leading zero keeps them positive. */
function positive(base64Url: string): Buffer {
  const bytes = Buffer.from(base64Url, "base64url");
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}
