import { join } from 'node:path'
import type { Link } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { Bench } from '../bench/bench'
import type { OpenConnector } from '../bench/open-connector'
import { Consumer } from './consumer'
import { loadCore } from './core'
import type { Handle } from './handler-effects'
import { Journal } from './journal'
import { linkTo } from './parts'
import type { ServiceParts } from './parts'

/** A consumer, as a case asks for it. */
export interface Wanted {
  readonly topic: string
  /** Default: does nothing. */
  readonly handle?: Handle
  /** Default: one of its own. */
  readonly journal?: Journal
  /** Default: one link that takes everything. */
  readonly links?: readonly Link[]
  /** Default: an embedded one of its own. */
  readonly state?: StateStore
  readonly connector?: OpenConnector
}

/** An embedded state in a folder, closed when the case is over. */
export async function openState(bench: Bench, folder?: string): Promise<StateStore> {
  const { openEmbeddedState } = await loadCore()
  const state = await openEmbeddedState(join(folder ?? (await bench.folder()), 'state'))
  bench.atLast(() => state.close())
  return state
}

/** What a service is made of, as the harness wants it. */
export async function partsOf(bench: Bench, { topic, links, state, connector }: Wanted): Promise<ServiceParts> {
  const parts = {
    connector: connector ?? bench.open(),
    state: state ?? (await openState(bench)),
    links: links ?? [linkTo(topic)],
  }
  return bench.harness.service?.(parts) ?? parts
}

/** Starts a consumer that the broker knows, stopped when the case is over. */
export async function consume(bench: Bench, wanted: Wanted): Promise<Consumer> {
  const { topic, handle = () => undefined, journal = new Journal() } = wanted
  const parts = await partsOf(bench, wanted)
  const consumer = await Consumer.start({ parts, topic, handle, journal, limitMs: bench.limitMs })
  bench.atEnd(() => consumer.stop())
  await consumer.known()
  return consumer
}

/** A promise that the case, or else its end, resolves. */
export function gate(bench: Bench): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  bench.atEnd(open)
  return { opened, open }
}
