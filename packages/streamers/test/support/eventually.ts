/** Many times as long as usual on a machine that is slow or busy with something else. */
const PATIENCE = Number(process.env.STREAMERS_TEST_PATIENCE ?? 1)

/**
 * Waits until a condition holds; rejects with what is the case instead after the limit (milliseconds of a clock that no test sets, where the run has no more
 * patience).
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  describe: () => unknown = () => 'the condition does not hold',
  limitMs = 10_000
): Promise<void> {
  const end = performance.now() + limitMs * PATIENCE
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`After ${limitMs * PATIENCE} ms: ${JSON.stringify(await describe())}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
