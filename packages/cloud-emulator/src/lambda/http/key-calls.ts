import { filterAlive } from "../../emulator/lifecycle.ts";
import type { Reply } from "../../http/reply.ts";
import { createKey, type EmulatedCloud } from "../cloud/cloud.ts";
import { createInvalidError, createMissingError, createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";

export function listSshKeys(cloud: EmulatedCloud): Reply {
  const keys = filterAlive(cloud, cloud.state.keys);
  return createSuccess(keys.map(({ id, name, publicKey }) => ({ id, name, public_key: publicKey })));
}

export function createSshKey(cloud: EmulatedCloud, { body }: CallRequest): Reply {
  const { name, public_key: publicKey } = body;
  if (typeof name !== "string" || name === "" || name.length > 64)
    throw createInvalidError("name is invalid");
  if (typeof publicKey !== "string" || !/^(?:ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/]+=*( |$)/.test(publicKey)) {
    throw createInvalidError("public_key is invalid");
  }
  if (filterAlive(cloud, cloud.state.keys).some((key) => key.name === name)) {
    throw createRefusal(400, "global/duplicate", `An SSH key named ${name} exists.`);
  }
  const { id } = createKey(cloud, name, publicKey.trim());
  return createSuccess({ id, name, public_key: publicKey });
}

export function deleteSshKey(cloud: EmulatedCloud, { id }: CallRequest): Reply {
  const key = filterAlive(cloud, cloud.state.keys).find((candidate) => candidate.id === id);
  if (key === undefined) throw createMissingError("SSH key was not found.");
  key.goneAtMs = cloud.clock.now();
  return createSuccess({});
}
