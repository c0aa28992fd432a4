import type { Contender, Target } from '../measure/contender'
import { stretch } from '../measure/stretch'
import type { Stretch } from '../measure/stretch'
import { contenderNamed } from '../systems'
import { answer } from './worker'

let contender: Contender

const methods = {
  open: async (system: string): Promise<void> => {
    contender = await contenderNamed(system)
  },

  /**
   * Reads and decodes, and measures so many events in the midst of others: a client has events ready that it has fetched and decoded, when
   * the measuring begins and when it ends.
   */
  drain: async (target: Target, { before, count }: { before: number; count: number }): Promise<Stretch> => {
    if (!contender.drain) throw new Error('This system has no poll of its own.')
    let taken = 0
    let begun: { readonly at: number; readonly end: (events: number) => Stretch } | undefined
    await contender.drain(target, (events) => {
      taken += events
      if (taken >= before) begun ??= { at: taken, end: stretch() }
      return taken < before + count
    })
    if (!begun) throw new Error('There were not enough events.')
    return begun.end(taken - begun.at)
  },
}

/** What a reading process can be asked for. */
export type ReaderMethods = typeof methods

answer(methods)
