import { eventually } from '../../../streamers/test/support/eventually'

/** Resolves when the condition holds; rejects, saying what was waited for, after the limit (milliseconds, where the run has no more patience). */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000
): Promise<void> {
  await eventually(condition, () => what, limitMs)
}
