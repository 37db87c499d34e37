import { spawnSync } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { createLinkedNamespaces, findMissingRight } from "../../../benchmarks/src/link/namespaces.ts";

const ip = (...words: string[]) => spawnSync("ip", ["-br", ...words], { encoding: "utf8" }).stdout;

it("the link of a benchmark exists only inside its namespaces, so it takes no address or route of this computer", () => {
  const missing = findMissingRight();
  if (missing !== undefined) {
    // Elsewhere the benchmark names this reason and leaves the case out.
    expect(missing).toMatch(/^only |^network namespaces exist only|is missing/);
    return;
  }
  // Left behind by a benchmark that was killed; no process has so high a number.
  const abandoned = "ut-far-4294967295";
  ip("netns", "add", abandoned);
  onTestFinished(() => void ip("netns", "del", abandoned));
  const { near, far, remove } = createLinkedNamespaces(100);
  onTestFinished(remove);
  expect(ip("netns", "list")).not.toContain(abandoned);
  expect(ip("-n", near, "addr")).toMatch(/^ut0@\S+ +\S+ +10\.77\.0\.1\/30/m);
  expect(ip("-n", far, "addr")).toMatch(/^ut0@\S+ +\S+ +10\.77\.0\.2\/30/m);
  expect(ip("addr")).not.toMatch(/^ut0@|10\.77\.0\./m);
  expect(ip("route")).not.toContain("10.77.0.");
  remove();
  expect(ip("netns", "list")).not.toContain(near);
});
