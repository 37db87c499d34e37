import { userInfo } from "node:os";
import fc from "fast-check";
import { expect, it } from "vitest";
import { askOpenSsh, createPerson } from "../../test/configured-person.ts";

const hosts = ["box", "gpu-1", "gpu-2", "a.lab"];
const host = fc.constantFrom(...hosts);
const patterns = fc.array(
  fc.constantFrom(...hosts, "*", "gpu-*", "gpu-?", "*.lab", "!box", "!gpu-*", "trainer-*"),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const setting = fc.oneof(
  fc.constantFrom(
    "User trainer",
    "User root",
    "Port 2222",
    "Port 77",
    "HostName real",
    "HostName %h.lan",
    "HostKeyAlias al",
  ),
  fc.constantFrom(
    "IdentityFile /k/a",
    "IdentityFile /k/%r-%n",
    'IdentityFile "/k/with space"',
    "IdentityFile=/k/%k%%",
    `IdentityFile \${KEYS}/%p`,
  ),
  fc.constantFrom("Include conf.d/one", "Include conf.d/*", 'Include "conf.d/the third"'),
);
const criterion = fc.oneof(
  fc
    .tuple(fc.constantFrom("host", "originalhost", "!host"), patterns)
    .map(([name, list]) => `${name} ${list.join(",")}`),
  fc.constantFrom(
    "user trainer",
    "user root",
    `localuser ${userInfo().username}`,
    "!localuser nobody",
    'exec "test %n = box"',
    "exec false",
    "all",
    "final all",
  ),
);
const head = fc.oneof(
  patterns.map((list) => `Host ${list.join(" ")}`),
  fc.array(criterion, { minLength: 1, maxLength: 2 }).map((list) => {
    const alone = list.find((each) => /all$/.test(each));
    return `Match ${alone ?? list.join(" ")}`;
  }),
);
const block = fc
  .tuple(head, fc.array(setting, { maxLength: 4 }))
  .map(([first, rest]) => [first, ...rest].join("\n  "));
/** Lines without Include, because a file that `conf.d/*` includes must not include itself. */
const leaf = fc
  .array(block, { maxLength: 3 })
  .map((list) => `${list.join("\n").replaceAll(/\n? *Include .*/g, "")}\n`);
const file = fc.array(block, { minLength: 1, maxLength: 5 }).map((list) => `${list.join("\n")}\n`);
const user = fc.constantFrom(undefined, "trainer", "me");

it("resolves any configuration as ssh does", async () => {
  const ends: (() => Promise<void>)[] = [];
  const property = fc.asyncProperty(file, leaf, leaf, host, user, async (config, first, third, name, as) => {
    const files = {
      // A key that no block can remove, because default keys are tested elsewhere.
      config: `${config}\nMatch all\n  IdentityFile /k/last\n`,
      "conf.d/one": first,
      "conf.d/the third": third,
    };
    const person = await createPerson(files, (end) => ends.push(end));
    const machine = { host: name, ...(as === undefined ? {} : { user: as }) };
    const expected = await askOpenSsh(person.home, machine, person.environment.env);
    const { host: at, port, user: loginUser, keys } = await person.resolve(machine);
    expect({ host: at, port, user: loginUser, files: keys.files.map(({ path }) => path) }).toEqual(expected);
  });
  try {
    await fc.assert(property, { numRuns: 200, endOnFailure: false });
  } finally {
    for (const end of ends) await end();
  }
});
