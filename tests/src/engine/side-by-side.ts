/** Runs independent scenarios, several at a time, because they mostly wait for the disk. */
export async function sideBySide<T>(items: Iterable<T>, scenario: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await scenario(item);
  };
  await Promise.all(Array.from({ length: 12 }, worker));
}
