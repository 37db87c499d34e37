import ssh2 from "ssh2";
import { expect, it } from "vitest";
import { generateKeyPair } from "./key-pair.ts";

it("a key that lost its leading zero byte is never returned", () => {
  const good = generateKeyPair("good");
  const [type = "", body = ""] = good.public.split(" ");
  const blob = Buffer.from(body, "base64");
  // The form that ssh2 writes: a key of 31 bytes with a matching length.
  const short = Buffer.concat([blob.subarray(0, 18), Buffer.from([31]), blob.subarray(20)]);
  const lost = { private: good.private, public: `${type} ${short.toString("base64")} lost` };
  expect(ssh2.utils.parseKey(lost.public)).toBeInstanceOf(Error);
  const keyPairs = [lost, lost, good];
  expect(generateKeyPair("one", () => keyPairs.shift() ?? good)).toBe(good);
  expect(() => generateKeyPair("none", () => lost)).toThrow(/can be parsed/);
});
