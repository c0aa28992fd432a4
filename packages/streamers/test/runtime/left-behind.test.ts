import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { expect } from 'chai'
import type { StoredEvent } from '../../src/publish'
import { openEmbeddedState } from '../../src/state'
import type { StateChange, StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { OneService, withServices } from '../support/one-service'
import type { OneServiceOptions } from '../support/one-service'
import { mark, parked } from '../support/records'
import { inTempFolder } from '../support/temp-folder'

const NOTES = 'log/notes'

describe('what the state keeps for nobody', () => {
  it('is in health, in the metrics and in the log, and is still kept', () =>
    inTempFolder(async (folder) => {
      await commit(folder, [
        {
          do: 'park',
          event: parked({ address: NOTES, handler: 'Renamed', id: 'e1', state: 'dead', lastAt: Date.now() }),
        },
        { do: 'park', event: parked({ address: NOTES, handler: 'Renamed', id: 'e2', key: 'l' }) },
        {
          do: 'park',
          event: parked({ address: NOTES, handler: 'Handler', id: 'e3', state: 'dead', key: 'm', lastAt: Date.now() }),
        },
        { do: 'pause-link', address: NOTES, handler: 'Paused', paused: true },
        { do: 'mark-pending', mark: mark({ address: 'gone/notes', id: 'p1' }) },
        { do: 'mark-pending', mark: mark({ address: 'gone/notes', id: 'p2' }) },
      ])
      const service = serviceIn(folder, { handler: () => [], observe: { http: { port: 0 } } })
      await withServices([service], async () => {
        await service.streaming.start()
        const url = await service.url()
        const health = (await (await fetch(`${url}/health`)).json()) as { leftBehind: unknown[]; healthy: boolean }
        expect(health.leftBehind).to.deep.equal([
          { address: NOTES, handler: 'Renamed', pending: 0, parked: 1, deadLetters: 1, paused: false },
          { address: NOTES, handler: 'Paused', pending: 0, parked: 0, deadLetters: 0, paused: true },
          { address: 'gone/notes', pending: 2, parked: 0, deadLetters: 0, paused: false },
        ])
        const gauges = (await (await fetch(`${url}/metrics`)).text())
          .split('\n')
          .filter((line) => line.startsWith('booster_streamers_left_behind{'))
        const values = gauges.map((line) => [/handler="(\w*)"/.exec(line)?.[1], Number(line.split(' ').pop())])
        expect(Object.fromEntries(values)).to.deep.equal({ Renamed: 2, Paused: 0, '': 2 })
        const warnings = service.said.filter(({ level }) => level === 'warn').map(({ words }) => String(words[0]))
        expect(warnings.filter((line) => line.includes('links rename Renamed NEW'))).to.have.length(1)
        expect(warnings.filter((line) => line.includes("links rename --address 'gone/notes' NEW"))).to.have.length(1)
      })
      expect(await withState(folder, (state) => state.counts())).to.include({ pending: 2, parked: 1, deadLetters: 2 })
    }))

  it('of a streamer that was removed is sent when it is brought back', () =>
    inTempFolder(async (folder) => {
      const stored = new Map<string, StoredEvent>()
      await leavePending(folder, stored)
      await withState(folder, (state) => state.rename({ what: 'address', from: NOTES, to: 'gone/notes' }, Date.now()))
      const without = serviceIn(folder, { handler: () => [], stored })
      await withServices([without], async () => {
        await without.streaming.start()
        expect((await without.streaming.health())?.leftBehind).to.have.length(1)
      })
      expect(await withState(folder, (state) => state.counts())).to.include({ pending: 1 })
      await withState(folder, (state) => state.rename({ what: 'address', from: 'gone/notes', to: NOTES }, Date.now()))
      expect(await handledBy(folder, stored)).to.deep.equal([7])
    }))

  it('of an event whose class was renamed is sent nevertheless', () =>
    inTempFolder(async (folder) => {
      const stored = new Map<string, StoredEvent>()
      await leavePending(folder, stored)
      expect(await handledBy(folder, stored)).to.deep.equal([7])
      expect(await withState(folder, (state) => state.counts())).to.include({ pending: 0 })
    }))
})

function serviceIn(folder: string, options: Omit<OneServiceOptions, 'folder' | 'name'>): OneService {
  return new OneService({ folder, name: 'service', ...options })
}

/** A service that publishes one note to a broker that is away, and ends. */
async function leavePending(folder: string, stored: Map<string, StoredEvent>): Promise<void> {
  const connector = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
  connector.publish = () => Promise.reject(new Error('The broker is away.'))
  const service = serviceIn(folder, { publishes: true, connector, stored })
  await withServices([service], async () => {
    await service.streaming.start()
    await service.note({ key: 'k', n: 7 })
  })
  expect(await withState(folder, (state) => state.counts())).to.include({ pending: 1 })
}

/** What a service handles whose code has no class that is published. */
async function handledBy(folder: string, stored: Map<string, StoredEvent>): Promise<number[]> {
  const handled: number[] = []
  const handler = ({ n }: { n: number }): string[] => {
    handled.push(n)
    return []
  }
  const service = serviceIn(folder, { handler, stored })
  await withServices([service], async () => {
    await service.streaming.start()
    await eventually(() => handled.length > 0)
    await eventually(
      async () => (await service.streaming.health())?.relays.every(({ pending }) => pending === 0) ?? false
    )
  })
  return handled
}

async function commit(folder: string, changes: readonly StateChange[]): Promise<void> {
  await withState(folder, (state) => state.commit(changes))
}

async function withState<T>(folder: string, work: (state: StateStore) => Promise<T>): Promise<T> {
  const state = await openEmbeddedState(join(folder, 'state-service'))
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}
