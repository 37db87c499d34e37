import { UnitrainError } from "@unitrain/core/spec";

const hint =
  "Create a key in CanopyWave's console. Set the variable CANOPYWAVE_API_KEY, pass the option apiKey, or log in.";
const action = { type: "log-in", provider: "canopywave" } as const;

/** Reads the API key from the option, else from the variable. Throws for a text that cannot be a header, without showing it. */
export function readApiKey(option: string | undefined): string {
  const source = option === undefined ? "The variable CANOPYWAVE_API_KEY" : "The option apiKey";
  const key = option ?? process.env.CANOPYWAVE_API_KEY;
  if (key === undefined || key === "") {
    throw new UnitrainError(
      "PROVIDER_ACCESS",
      "There is no API key for CanopyWave (apiKey, CANOPYWAVE_API_KEY).",
      { hint, action },
    );
  }
  // A header with a newline in it makes fetch print the whole value.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UnitrainError(
      "PROVIDER_ACCESS",
      `${source} contains a line break, space or control character, so it is not an API key (option apiKey, variable CANOPYWAVE_API_KEY).`,
      { hint: `Copy the key again, without any other characters. ${hint}`, action },
    );
  }
  if (key.length < 8 || key.length > 4_096) {
    throw new UnitrainError(
      "PROVIDER_ACCESS",
      `${source} has ${key.length} characters, so it is not an API key (option apiKey, variable CANOPYWAVE_API_KEY).`,
      { hint, action },
    );
  }
  return key;
}
