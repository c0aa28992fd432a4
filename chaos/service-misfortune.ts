import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from './client'
import type { ServiceFault } from './fault'
import { happensInTime } from './patience'
import type { Service } from './service'

/** Brings a fault upon a service, and starts it again where it has died. */
export async function bringUponService(service: Service, fault: ServiceFault, client: Client): Promise<void> {
  if (fault.do === 'stop') return service.halt(fault.forMs)
  if (fault.do === 'kill') {
    await pause(fault.afterMs)
    await service.kill()
  } else {
    service.killAt(fault.failpoint, fault.time)
    if (!(await happensInTime(service.dead(), client))) return service.spare()
  }
  await pause(fault.downMs)
  await service.start()
}
