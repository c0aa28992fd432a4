import type { Outbox } from '../publish'
import type { StateStore } from '../state'
import { Firing, TimerClock } from '../timers'
import type { Run, Service } from './service'

/** Fires the timers of a service from now on. */
export function startTimers(
  { state, outbox }: { readonly state: StateStore; readonly outbox: Outbox },
  service: Service,
  { shared, owner }: Run
): TimerClock {
  const { log } = service
  const firing = new Firing({ state, effects: service.timersWith(outbox), owner, sole: !shared, log })
  const clock = new TimerClock({ state, firing, log })
  clock.start()
  return clock
}
