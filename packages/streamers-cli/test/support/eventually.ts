/** Waits until a condition holds; rejects with what is the case instead after the limit (milliseconds). */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  describe: () => unknown = () => 'the condition does not hold',
  limitMs = 10_000
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`After ${limitMs} ms: ${JSON.stringify(await describe())}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
