import { UnitrainError } from "../../spec/index.ts";
import type { CloudApi } from "./cloud-api.ts";

/** Reads the API key from the option, else from the variable. Throws for a text that cannot be a header, without showing it. */
export function readApiKey({ cloud, provider, keyVariable }: CloudApi, option: string | undefined): string {
  const hint = `Create a key in ${cloud}'s console. Set the variable ${keyVariable}, pass the option apiKey, or log in.`;
  const action = { type: "log-in", provider } as const;
  const source = option === undefined ? `The variable ${keyVariable}` : "The option apiKey";
  const key = option ?? process.env[keyVariable];
  if (key === undefined || key === "") {
    throw new UnitrainError("PROVIDER_ACCESS", `There is no API key for ${cloud} (apiKey, ${keyVariable}).`, {
      hint,
      action,
    });
  }
  // A header with a newline in it makes fetch print the whole value.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UnitrainError(
      "PROVIDER_ACCESS",
      `${source} contains a line break, space or control character, so it is not an API key (option apiKey, variable ${keyVariable}).`,
      { hint: `Copy the key again, without any other characters. ${hint}`, action },
    );
  }
  if (key.length < 8 || key.length > 4_096) {
    throw new UnitrainError(
      "PROVIDER_ACCESS",
      `${source} has ${key.length} characters, so it is not an API key (option apiKey, variable ${keyVariable}).`,
      { hint, action },
    );
  }
  return key;
}
