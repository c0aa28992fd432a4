import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from './client'
import type { ServiceFault } from './fault'
import { happensInTime } from './patience'
import type { Replicas } from './replicas'

/** Brings the n-th fault upon a service. Resolves when all of it is up again; rejects if it does not come up. */
export async function bringUponService(
  service: Replicas,
  n: number,
  fault: ServiceFault,
  client: Client
): Promise<void> {
  if (fault.do === 'stop') return service.victim(n).halt(fault.forMs)
  if (fault.do === 'kill') {
    await pause(fault.afterMs)
    await service.victim(n).kill(fault.downMs)
  } else {
    await killAt(service, fault, client)
  }
  await service.comeUp()
}

/** Has it die at a failpoint, if it comes there while the client sends or not long after. */
async function killAt(
  service: Replicas,
  { failpoint, time, downMs }: Extract<ServiceFault, { do: 'kill-at' }>,
  client: Client
): Promise<void> {
  await service.comeUp()
  await happensInTime(service.killAt(failpoint, time, downMs), client)
  service.spare()
}
