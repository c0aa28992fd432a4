/** Many times as long as usual on a machine that is slow or busy with something else. */
const PATIENCE = Number(process.env.STREAMERS_TEST_PATIENCE ?? 1)

/** Waits until a condition holds; rejects with what is the case instead after the limit (milliseconds, where the run has no more patience). */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  describe: () => unknown = () => 'the condition does not hold',
  limitMs = 10_000
): Promise<void> {
  const end = Date.now() + limitMs * PATIENCE
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`After ${limitMs * PATIENCE} ms: ${JSON.stringify(await describe())}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
