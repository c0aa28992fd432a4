import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from './client'
import type { ServiceFault } from './fault'
import { happensInTime } from './patience'
import type { Replicas } from './replicas'
import type { Service } from './service'

/** Brings the n-th fault upon a service, and starts again what of it has died. */
export async function bringUponService(
  service: Replicas,
  n: number,
  fault: ServiceFault,
  client: Client
): Promise<void> {
  const victim = service.victim(n)
  if (fault.do === 'stop') return victim.halt(fault.forMs)
  if (fault.do === 'kill') {
    await pause(fault.afterMs)
    await victim.kill()
    return startAgain([victim], fault.downMs)
  }
  await startAgain(await whoDiesAt(service, fault, client), fault.downMs)
}

/** Of all its processes, those that come to a failpoint before the others are told that one was enough. */
async function whoDiesAt(
  service: Replicas,
  { failpoint, time }: Extract<ServiceFault, { do: 'kill-at' }>,
  client: Client
): Promise<Service[]> {
  const candidates = service.running
  if (candidates.length === 0) return service.fallen
  const dead = new Set<Service>()
  const deaths = candidates.map(async (one) => {
    await one.dead()
    dead.add(one)
  })
  for (const one of candidates) one.killAt(failpoint, time)
  await happensInTime(Promise.race(deaths), client)
  for (const one of candidates) if (!dead.has(one)) one.spare()
  return [...new Set([...dead, ...service.fallen])]
}

async function startAgain(dead: readonly Service[], downMs: number): Promise<void> {
  if (dead.length === 0) return
  await pause(downMs)
  await Promise.all(dead.map((service) => service.start()))
}
