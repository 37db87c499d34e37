import { createHash, generateKeyPairSync } from "node:crypto";
import { filterAlive } from "../../emulator/lifecycle.ts";
import type { Reply } from "../../http/reply.ts";
import { type EmulatedCloud, isIn } from "../cloud/cloud.ts";
import { createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { readOptionalText, readPlace, readText } from "./read-parameters.ts";

export function listSshKeys(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readPlace(cloud, request);
  const keys = filterAlive(cloud, cloud.state.keys).filter((key) => isIn(key, place));
  return createSuccess(
    keys.map(({ name, fingerprint, publicKey }) => ({
      keypair: { name, fingerprint, public_key: publicKey },
    })),
  );
}

export function createSshKey(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readPlace(cloud, request);
  const name = readText(request, "name");
  if (filterAlive(cloud, cloud.state.keys).some((key) => isIn(key, place) && key.name === name)) {
    throw createRefusal(409, `Key pair '${name}' already exists.`);
  }
  const sentKey = readOptionalText(request, "publicKey");
  const generated = sentKey === undefined ? generateRsaKey(name) : undefined;
  const publicKey = sentKey?.trim() ?? generated?.publicKey ?? "";
  cloud.state.keys.push({
    name,
    ...place,
    publicKey,
    fingerprint: computeFingerprint(publicKey),
    createdAtMs: cloud.clock.now(),
    isForeign: false,
    goneAtMs: null,
  });
  return createSuccess(generated ?? { name, publicKey, fingerprint: computeFingerprint(publicKey) });
}

export function deleteSshKey(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readPlace(cloud, request);
  const key = filterAlive(cloud, cloud.state.keys).find(
    (candidate) => isIn(candidate, place) && candidate.name === request.id,
  );
  if (key === undefined) throw createRefusal(404, `Keypair ${request.id} not found`);
  key.goneAtMs = cloud.clock.now();
  return createSuccess({ name: key.name });
}

/** Computes the MD5 of the key's bytes in pairs of digits. */
export function computeFingerprint(publicKey: string): string {
  const [kind, encoded] = publicKey.split(/\s+/);
  const isKnownType = kind !== undefined && /^(ssh-|ecdsa-|sk-)/.test(kind);
  if (!isKnownType || encoded === undefined || !/^[A-Za-z0-9+/]+=*$/.test(encoded)) {
    throw createRefusal(400, "Keypair data is invalid: failed to generate fingerprint");
  }
  const digest = createHash("md5").update(Buffer.from(encoded, "base64")).digest("hex");
  return digest.match(/../g)?.join(":") ?? digest;
}

function generateRsaKey(comment: string): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { e = "", n = "" } = pair.publicKey.export({ format: "jwk" });
  const parts = [Buffer.from("ssh-rsa"), encodePositive(e), encodePositive(n)];
  const encoded = Buffer.concat(parts.flatMap((part) => [encodeLength(part), part])).toString("base64");
  return {
    privateKey: pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    publicKey: `ssh-rsa ${encoded} ${comment}`,
  };
}

/** Encodes a positive integer: OpenSSH's integers are signed, so a leading zero byte may be needed. */
function encodePositive(base64Url: string): Buffer {
  const bytes = Buffer.from(base64Url, "base64url");
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function encodeLength(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}
