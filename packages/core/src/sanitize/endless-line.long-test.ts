import { expect, test } from "vitest";
import { createSanitizer } from "./sanitizer.ts";

const chunk = Buffer.alloc(64 * 1024, "loss=0.123 lr=0.01 ");
chunk.write("password='x token: https://a:-----BEGIN ");

test.each([
  { megabytes: 256, options: {} },
  { megabytes: 32, options: { reshape: (text: string) => text } },
])("an endless line of $megabytes MB takes bounded memory: $options", ({ megabytes, options }) => {
  const sanitizer = createSanitizer({ secrets: ["correct-horse-battery"], ...options });
  const before = process.memoryUsage().arrayBuffers;
  let mostBytes = 0;
  for (let writtenBytes = 0; writtenBytes < megabytes * 1e6; writtenBytes += chunk.length) {
    expect(writtenBytes - sanitizer.position).toBeLessThan(256 * 1024);
    sanitizer.write(chunk);
    // Buffers are outside of the heap. Some of them have not been freed yet.
    mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers - before);
  }
  sanitizer.end();
  expect(mostBytes).toBeLessThan(64 * 1024 * 1024);
});
