import { UnitrainError } from "@unitrain/core/spec";

const hint =
  "Create a key in CanopyWave's console. Set the variable CANOPYWAVE_API_KEY, pass the option apiKey, or log in.";
const action = { type: "log-in", provider: "canopywave" } as const;

/** From the option, else from the variable. What cannot be a header is refused, and never shown. */
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
      `${source} holds a line break, space or control character: it is not an API key (option apiKey, variable CANOPYWAVE_API_KEY).`,
      { hint: `Copy the key again, without what stands around it. ${hint}`, action },
    );
  }
  if (key.length < 8 || key.length > 4_096) {
    throw new UnitrainError(
      "PROVIDER_ACCESS",
      `${source} has ${key.length} characters: it is not an API key (option apiKey, variable CANOPYWAVE_API_KEY).`,
      { hint, action },
    );
  }
  return key;
}
