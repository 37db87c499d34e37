/** Changes answers in ways that the emulator does not know. */
export function createAnswerProxy(): {
  readonly fetch: typeof fetch;
  change(next: (text: string) => string): void;
  refuse(message: string): void;
  clear(): void;
} {
  let change: ((text: string) => string) | undefined;
  let refusal: string | undefined;
  return {
    fetch: (async (...request) => {
      if (refusal !== undefined) return Response.json({ error: refusal }, { status: 403 });
      const response = await fetch(...request);
      if (change === undefined) return response;
      const { status, headers } = response;
      return new Response(change(await response.text()), { status, headers });
    }) as typeof fetch,
    change(next: (text: string) => string) {
      change = next;
    },
    refuse(message: string) {
      refusal = message;
    },
    clear() {
      change = undefined;
      refusal = undefined;
    },
  };
}
