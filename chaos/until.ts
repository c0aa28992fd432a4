import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again. Resolves with whether it became true within so many milliseconds. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs: number, everyMs = 50): Promise<boolean> {
  const end = Date.now() + limitMs
  while (!(await isSo())) {
    if (Date.now() > end) return false
    await pause(everyMs)
  }
  return true
}
