import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Client } from 'pg'
import { describeWithServer, startServer } from '../src'
import type { BrokerName, Server } from '../src'
import { freePort } from '../src/free-port'
import { postgresAnswers } from '../src/kinds/postgres-ready'
import { eventually } from '../../streamers/test/support/eventually'
import { kafkaClient, natsClient, rabbitmqClient } from './clients'
import type { PlainClient } from './clients'

const portOf = (url: string): number => Number(new URL(url).port)
const answers = (server: Pick<Server, 'url'>): Promise<boolean> => postgresAnswers(portOf(server.url))
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('booster-streamers-postgres-'))

/** Each with the variable that names it, and a client, unless it keeps nothing. */
const OTHERS: readonly { name: BrokerName; variable: string; client?: PlainClient }[] = [
  { name: 'kafka', variable: 'STREAMERS_KAFKA_BROKERS', client: kafkaClient },
  { name: 'schema-registry', variable: 'STREAMERS_SCHEMA_REGISTRY_URL' },
  { name: 'nats', variable: 'STREAMERS_NATS_URL', client: natsClient },
  { name: 'rabbitmq', variable: 'STREAMERS_RABBITMQ_URL', client: rabbitmqClient },
  { name: 'dynamodb', variable: 'STREAMERS_DYNAMODB_URL' },
  { name: 'moto', variable: 'STREAMERS_AWS_ENDPOINT' },
]

describe('servers', () => {
  describeWithServer('postgres', (server) => {
    it('answer, and are found by other processes', async () => {
      expect(await answers(server())).to.equal(true)
      expect(server().env).to.deep.equal({ STREAMERS_POSTGRES_URL: server().url })
      const again = await withVariable(server().url, () => startServer('postgres', { ways: ['environment'] }))
      expect(again.url).to.equal(server().url)
      await again.stop()
      expect(await answers(server())).to.equal(true)
    })

    it('are killed and started again at the same address', async function () {
      this.timeout(60_000)
      await server().kill()
      expect(await answers(server())).to.equal(false)
      await server().restart()
      expect(await answers(server())).to.equal(true)
    })
  })

  for (const { name, variable, client } of OTHERS) {
    describeWithServer(name, (server) => {
      it('answers where it says, and does so again after it was killed, with what it had', async function () {
        this.timeout(180_000)
        const { kind, url } = server()
        expect(server().env).to.deep.equal({ [variable]: url })
        const port = Number(/127\.0\.0\.1:(\d+)/.exec(url)?.[1])
        expect(await kind.ready({ port })).to.equal(true)
        await client?.write(url, 'a word')
        await server().kill()
        expect(await kind.ready({ port })).to.equal(false)
        await server().restart()
        expect(await kind.ready({ port })).to.equal(true)
        expect(server().url).to.equal(url)
        expect(await client?.read(url)).to.equal(client && 'a word')
      })
    })
  }

  it('take settings of their own, and a port', async function () {
    this.timeout(60_000)
    const port = await freePort()
    const server = await startServer('postgres', { port, settings: { max_connections: '7' } })
    try {
      expect(portOf(server.url)).to.equal(port)
      const client = new Client({ connectionString: server.url })
      await client.connect()
      const { rows } = await client.query<{ max_connections: string }>('SHOW max_connections')
      await client.end()
      expect(rows[0].max_connections).to.equal('7')
    } finally {
      await server.stop()
    }
  })

  it('are gone with their folder once they are stopped', async function () {
    this.timeout(60_000)
    const before = folders()
    const server = await startServer('postgres', { ways: ['installed', 'fetched'] })
    const [folder] = folders().filter((name) => !before.includes(name))
    await server.stop()
    await server.stop()
    expect(await answers(server)).to.equal(false)
    expect(existsSync(join(tmpdir(), folder))).to.equal(false)
  })

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    it(`end when what started them ends by ${signal}`, async function () {
      this.timeout(60_000)
      const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'start-and-wait.ts')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const url = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))))
      expect(await answers({ url })).to.equal(true)
      child.kill(signal)
      await eventually(
        async () => !(await answers({ url })),
        () => 'The server is still there',
        30_000
      )
    })
  }

  it('say why there is none', async () => {
    const error: unknown = await withVariable(undefined, () =>
      startServer('postgres', { ways: ['environment'] })
    ).catch((thrown: unknown) => thrown)
    expect(isStreamerError(error, 'PACKAGE_MISSING'), String(error)).to.equal(true)
    expect(String(error)).to.contain('STREAMERS_POSTGRES_URL is not set')
    const unsettled: unknown = await startServer('nats', { ways: ['container'], settings: { debug: 'true' } }).catch(
      (thrown: unknown) => thrown
    )
    expect(isStreamerError(unsettled, 'PACKAGE_MISSING'), String(unsettled)).to.equal(true)
    expect(String(unsettled)).to.contain('its container takes no settings')
  })
})

async function withVariable<T>(value: string | undefined, work: () => Promise<T>): Promise<T> {
  const before = process.env.STREAMERS_POSTGRES_URL
  const set = (to: string | undefined): void => {
    if (to === undefined) delete process.env.STREAMERS_POSTGRES_URL
    else process.env.STREAMERS_POSTGRES_URL = to
  }
  set(value)
  try {
    return await work()
  } finally {
    set(before)
  }
}
