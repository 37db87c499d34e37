import { UnitrainError } from "@unitrain/core/spec";
import { getSystemKeychain, type Keychain } from "./keychain.ts";
import { type Login, readLogins, writeLogins } from "./login-file.ts";

/** The place where a key is stored. */
type KeyLocation = "keychain" | "file";

/** API keys of providers that `unitrain login` stored for this user. */
export interface KeyStore {
  list(): Promise<readonly (Pick<Login, "provider" | "variable"> & { readonly storedIn: KeyLocation })[]>;
  store(login: Required<Login>): Promise<KeyLocation>;
  remove(login: Pick<Login, "variable">): Promise<void>;
  /**
   * Sets each of these variables that is not set in `env` and has a stored key. Adapters, the guardian and the sanitizer then find
   * the key in the environment, as always.
   */
  provide(variables: readonly string[], env: NodeJS.ProcessEnv): Promise<void>;
}

/** Opens the keys of a state folder. Each state folder has its own keys. */
export function openKeyStore(home: string, keychain: Keychain | undefined = getSystemKeychain()): KeyStore {
  const getAccount = (variable: string) => `${variable} ${home}`;
  const others = async (variable: string) =>
    (await readLogins(home)).filter((login) => login.variable !== variable);
  const readKey = async ({ provider, variable, key }: Login) => {
    const found = key ?? (await keychain?.find(getAccount(variable)));
    if (found !== undefined && found !== "") return found;
    throw new UnitrainError("PROVIDER_ACCESS", `The key of ${provider} is no longer in the keychain.`, {
      hint: `Log in again: unitrain login ${provider}. Or set the environment variable ${variable}.`,
    });
  };
  return {
    async list() {
      const logins = await readLogins(home);
      return logins.map(({ provider, variable, key }) => ({
        provider,
        variable,
        storedIn: key === undefined ? "keychain" : "file",
      }));
    },
    async store({ provider, variable, key }) {
      const rest = await others(variable);
      const isInKeychain = (await keychain?.store(getAccount(variable), key)) === true;
      await writeLogins(home, [...rest, { provider, variable, ...(isInKeychain ? {} : { key }) }]);
      return isInKeychain ? "keychain" : "file";
    },
    async remove({ variable }) {
      const login = (await readLogins(home)).find((kept) => kept.variable === variable);
      if (login?.key === undefined) await keychain?.remove(getAccount(variable));
      await writeLogins(home, await others(variable));
    },
    async provide(variables, env) {
      const missing = variables.filter((variable) => !env[variable]);
      if (missing.length === 0) return;
      for (const login of await readLogins(home))
        if (missing.includes(login.variable)) env[login.variable] = await readKey(login);
    },
  };
}
