import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asTexts } from '../../src/entries/conformance'
import type { ConnectorUnderTest, CreateOverrides, ServiceParts } from '../../src/entries/conformance'
import { faults } from './faults'
import { LogConnector } from './log-connector'
import { LogFile } from './log-file'

/** What another process needs to make the same connector. */
interface LogArgument {
  readonly dir: string
  readonly position: 'broker' | 'receiver'
  readonly fault?: string
}

/** Makes the connector, with the fault of that name put into it; what the child process calls. */
export function create(argument: LogArgument, overrides: CreateOverrides): LogConnector {
  const { dir, position, fault } = argument
  const connector = new LogConnector({ dir, position, ...overrides })
  faults.find(({ name }) => name === fault)?.into?.(connector)
  return connector
}

/** Puts the fault of that name into a service on the connector; the child process calls it too. */
export function service({ fault }: LogArgument, parts: ServiceParts): ServiceParts {
  return faults.find(({ name }) => name === fault)?.service?.(parts) ?? parts
}

/** The harness of the log connector, with everything a harness can have. */
export function logHarness(position: 'broker' | 'receiver', fault?: string): Required<ConnectorUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'conformance-'))
  const argument: LogArgument = { dir, position, fault }
  return {
    create: (overrides) => create(argument, overrides),
    topic: () => `topic-${randomUUID()}`,
    inOtherProcess: { modulePath: __filename, argument },
    unreachable: () =>
      create({ ...argument, dir: join(dir, 'nowhere') }, { appName: 'a', environment: 'test', pollWaitMs: 100 }),
    at(port) {
      const connector = new LogConnector({ dir, position, appName: 'a', pollWaitMs: 100, port })
      faults.find(({ name }) => name === fault)?.into?.(connector)
      return connector
    },
    publishForeign: async (topic, body, headers) => new LogFile(dir, topic).append([{ body, headers, attributes: {} }]),
    async publishRaw(topic, record) {
      const message = asTexts(record)
      if (message !== undefined) new LogFile(dir, topic).append([message])
      return message !== undefined
    },
    hostile: [
      {
        name: 'a line whose headers are no object',
        body: Buffer.from('a line'),
        publish: async (topic) =>
          new LogFile(dir, topic).append([{ body: Buffer.from('a line'), attributes: {}, headers: null as never }]),
      },
    ],
    refuseNext: (indexes) => writeFileSync(join(dir, 'refuse'), JSON.stringify(indexes)),
    service: (parts) => service(argument, parts),
    broker: {
      kill: async () => writeFileSync(join(dir, 'down'), ''),
      start: async () => rmSync(join(dir, 'down')),
      stall: async () => writeFileSync(join(dir, 'down'), ''),
      goOn: async () => rmSync(join(dir, 'down')),
    },
    tearDown: () => rmSync(dir, { recursive: true, force: true }),
  }
}
