import { request } from 'node:http'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Observation } from '../../src/observe'
import type { StreamingHealth } from '../../src/observe'
import { prometheusMetrics } from '../../src/observe/prometheus'
import { openEmbeddedState } from '../../src/state'
import { eventually } from '../support/eventually'
import { OneService, withServices } from '../support/one-service'
import type { OneServiceOptions } from '../support/one-service'
import { inTempFolder } from '../support/temp-folder'

const FAST = { attempts: 2, firstDelayMs: 5, factor: 1, maxDelayMs: 5, jitter: 0 }
const OWN_PORT = { http: { port: 0 } }

async function healthAt(url: string): Promise<{ status: number; health: StreamingHealth }> {
  const response = await fetch(`${url}/health`)
  return { status: response.status, health: (await response.json()) as StreamingHealth }
}

function running(
  options: Omit<OneServiceOptions, 'name'>,
  test: (service: OneService, url: string) => Promise<void>
): Promise<void> {
  const service = new OneService({ name: 'service', publishes: true, observe: OWN_PORT, ...options })
  return withServices([service], async () => {
    await service.streaming.start()
    await test(service, await service.url())
  })
}

/** Pauses the link as somebody beside the service does. */
async function pause(folder: string): Promise<void> {
  const state = await openEmbeddedState(folder)
  await state.commit([{ do: 'pause-link', address: 'log/notes', handler: 'Handler', paused: true }, { do: 'notify' }])
  await state.close()
}

/** The status of a request whose Host header says something else than where it goes. */
function statusFor(url: string, host: string, more: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/health`, { headers: { host, ...more } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end()
  })
}

describe('the HTTP endpoint', () => {
  it('counts what happened', () =>
    inTempFolder((folder) => {
      let failures = 0
      const handler = ({ n }: { n: number }): string[] => {
        if (n === 5 || (n === 4 && failures++ === 0)) throw new Error('no')
        return []
      }
      return running({ folder, handler, handling: { retry: FAST } }, async (service, url) => {
        for (const n of [1, 2, 3, 4, 5]) await service.note({ key: `k${n}`, n })
        const value = async (name: string): Promise<number | undefined> => {
          const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n')
          const found = lines.filter((one) => one.startsWith(`booster_streamers_${name}{`))
          return found.length === 0 ? undefined : found.reduce((sum, one) => sum + Number(one.split(' ').pop()), 0)
        }
        await eventually(async () => (await value('dead_letters')) === 1 && (await value('pending')) === 0)
        const counters = ['published', 'received', 'handled', 'retried', 'dead', 'refused', 'ignored']
        const counted = await Promise.all(counters.map((name) => value(`${name}_total`)))
        expect(counted).to.deep.equal([5, 5, 4, 2, 1, undefined, undefined])
        for (const name of ['unsettled', 'parked', 'pending_age', 'unsettled_age'])
          expect(await value(name)).to.equal(0)
        expect(await value('handler_duration_count'), 'runs').to.equal(7)
        const text = await (await fetch(`${url}/metrics`)).text()
        expect(text).to.contain('address="log/notes"').and.to.contain('handler="Handler"')
        expect(text).not.to.match(/k1|Noted/)
      })
    }))

  it('says what is wrong with a link whose handler does not end, until it does', () =>
    inTempFolder((folder) => {
      let release = (): void => undefined
      const blocked = new Promise<string[]>((resolve) => (release = () => resolve([])))
      const observe = { ...OWN_PORT, stallMs: 200 }
      return running({ folder, handler: () => blocked, observe }, async (service, url) => {
        try {
          const before = await healthAt(url)
          expect(before.status, JSON.stringify(before)).to.equal(200)
          await service.note({ key: 'k', n: 1 })
          // The event waits a moment longer than its handler runs.
          await eventually(
            async () => (await healthAt(url)).health.links[0].problem === 'runs-long',
            () => healthAt(url)
          )
          const { status, health } = await healthAt(url)
          expect(status).to.equal(503)
          expect(health.links[0]).to.include({ address: 'log/notes', handler: 'Handler', healthy: false })
          expect(health.links[0]).to.include({ problem: 'runs-long', running: 1, unsettled: 1, parked: 0 })
          expect(health.links[0].longestRunMs).to.be.greaterThan(200)
          expect(health.links[0].oldestUnsettledMs).to.be.greaterThan(200)
        } finally {
          release()
        }
        await eventually(async () => (await healthAt(url)).status === 200)
        expect((await healthAt(url)).health.links[0].lastProgressAt).to.match(/^20/)
      })
    }))

  it('says that a broker is away, what waits for it, and that it is back', () =>
    inTempFolder(async (folder) => {
      const [path, away] = [join(folder, 'log'), join(folder, 'away')]
      await writeFile(path, 'no folder')
      await running({ folder, handler: () => [] }, async (service, url) => {
        await service.note({ key: 'k', n: 1 })
        await eventually(async () => {
          const { links, relays } = (await healthAt(url)).health
          return links[0].problem === 'poll-fails' && relays[0].problem === 'publish-fails'
        })
        const { status, health } = await healthAt(url)
        expect(status).to.equal(503)
        expect((await fetch(`${url}/live`)).status, 'a restart would fix nothing').to.equal(200)
        expect(health.relays[0]).to.include({ address: 'log/notes', pending: 1 })
        expect(health.streamers[0]).to.include({ streamerId: 'log', healthy: false })
        await rename(path, away)
        await eventually(
          async () => (await healthAt(url)).status === 200,
          () => healthAt(url),
          30_000
        )
        expect((await healthAt(url)).health.relays[0].pending).to.equal(0)
      })
    })).timeout(60_000)

  it('shows what failed last, what is parked and dead, and links that are paused', () =>
    inTempFolder((folder) => {
      const handler = (): string[] => {
        throw new Error('secret')
      }
      const handling = { retry: { ...FAST, attempts: 1 } }
      return running({ folder, handler, handling }, async (service, url) => {
        await service.note({ key: 'k', n: 1 })
        await eventually(async () => (await healthAt(url)).health.links[0].deadLetters === 1)
        await service.note({ key: 'k', n: 2 })
        await eventually(async () => (await healthAt(url)).health.links[0].parked === 1)
        const { status, health } = await healthAt(url)
        expect(status).to.equal(200)
        expect(health.links[0]).to.include({ lastError: 'HANDLER_FAILED', paused: false })
        expect(JSON.stringify(health)).not.to.contain('secret')
        await pause(join(folder, 'state-service'))
        await eventually(async () => (await healthAt(url)).health.links[0].paused)
        const fields = service.said.find(({ level }) => level === 'error')?.words[1]
        expect(fields).to.have.property('id')
        expect(fields).to.include({
          address: 'log/notes',
          handler: 'Handler',
          key: 'k',
          type: 'Noted',
          attempt: 1,
          attempts: 1,
          code: 'HANDLER_FAILED',
        })
      })
    }))

  it('is of this machine only', () =>
    inTempFolder((folder) =>
      running({ folder }, async (_, url) => {
        const elsewhere = url.replace('127.0.0.1', '127.0.0.2')
        expect(await fetch(elsewhere).catch(() => 'refused')).to.equal('refused')
        expect(await statusFor(url, 'evil.example')).to.equal(421)
        expect(await statusFor(url, 'localhost')).to.equal(200)
        expect(await statusFor(url, 'localhost', { origin: 'http://evil.example' })).to.equal(421)
        expect(await statusFor(url, 'localhost', { 'sec-fetch-site': 'cross-site' })).to.equal(421)
        expect((await fetch(`${url}/else`)).status).to.equal(404)
        expect((await fetch(`${url}/health`, { method: 'POST' })).status).to.equal(405)
      })
    ))

  it('is reached by probes from elsewhere, by whatever name, where a host is named', () =>
    inTempFolder((folder) =>
      running({ folder, observe: { http: { port: 0, host: '127.0.0.2' } } }, async (_, url) => {
        expect(url).to.match(/^http:\/\/127\.0\.0\.2:/)
        expect(await statusFor(url, '127.0.0.2:9464')).to.equal(200)
        expect(await statusFor(url, 'evil.example')).to.equal(421)
      })
    ).then(() =>
      inTempFolder((folder) =>
        running({ folder, observe: { http: { port: 0, host: '0.0.0.0' } } }, async (_, url) => {
          const elsewhere = url.replace('0.0.0.0', '127.0.0.3')
          expect(await statusFor(elsewhere, '10.1.2.3:9464')).to.equal(200)
          expect(await statusFor(elsewhere, 'shop.svc.cluster.local')).to.equal(200)
          expect(await statusFor(elsewhere, 'shop.svc.cluster.local', { origin: 'http://evil.example' })).to.equal(421)
        })
      )
    ))

  it('is gone when the service is drained', () =>
    inTempFolder(async (folder) => {
      let found = ''
      await running({ folder }, async (_, url) => {
        found = url
      })
      expect(await fetch(found).catch(() => 'refused')).to.equal('refused')
    }))

  it('takes what a connector says of its lag', () =>
    inTempFolder((folder) => {
      const connector = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
      connector.health = async () => ({ healthy: true, details: { lag: 12 } })
      return running({ folder, connector, handler: () => [] }, async (_, url) => {
        expect(await (await fetch(`${url}/metrics`)).text()).to.match(/booster_streamers_lag\{streamer="log".*\} 12/)
      })
    }))

  it('refuses options and a lack of packages at boot', async () => {
    const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'none',
        (error: unknown) => isStreamerError(error) && error.code
      )
    expect(await codeOf(Observation.of({ http: { port: 70_000 } }))).to.equal('OPTION_INVALID')
    expect(await codeOf(Observation.of({ http: { port: 0, host: '' } }))).to.equal('OPTION_INVALID')
    expect(await codeOf(Observation.of({ stallMs: 0 }))).to.equal('OPTION_INVALID')
    const missing = 'a-package-that-nobody-has'
    expect(await codeOf(prometheusMetrics(() => import(missing) as never))).to.equal('PACKAGE_MISSING')
  })
})
