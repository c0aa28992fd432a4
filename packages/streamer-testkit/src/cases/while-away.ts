import type { Bench } from '../bench/bench'

/** Does something while the broker is away, and has it back whatever comes of that. */
export async function whileAway(bench: Bench, act: () => Promise<void>): Promise<void> {
  await bench.harness.broker?.kill()
  try {
    await act()
  } finally {
    await bench.harness.broker?.start()
  }
}
