import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/** A name for this run of this process, from which another one on the same machine can tell whether it is gone. */
export function ownerName(): string {
  return JSON.stringify([hostname(), process.pid, randomUUID()])
}

/** Whether an owner is surely gone. False where that cannot be told: another machine, or a process id that is in use again. */
export function isGone(owner: string): boolean {
  const [host, pid] = JSON.parse(owner) as [string, number, string]
  if (host !== hostname() || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
