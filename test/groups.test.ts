import { randomUUID } from 'node:crypto'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnectorPublishInterface } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { BrokerName } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { join } from 'node:path'
import { GroupMember } from '../packages/streamers/test/support/group-members'
import { inTempFolder } from '../packages/streamers/test/support/temp-folder'

/** A connector as processes make it, and one to publish with. */
interface Column {
  readonly broker: BrokerName
  readonly name: string
  readonly from: string
  readonly option: string
  options(url: string): object
  publisher(options: object): StreamerConnectorPublishInterface & { close(): Promise<void> }
  /** Makes the topic, where no service makes it. */
  provision?(options: object): Promise<void>
}

const COLUMNS: readonly Column[] = [
  {
    broker: 'nats',
    name: 'NatsStreamer',
    from: require.resolve('@boostercloud/nats-streamer'),
    option: 'NatsStreamer.with({ group })',
    options: (url) => ({ servers: url, pollWaitMs: 100 }),
    publisher: (options) => NatsStreamer.with(options as Parameters<typeof NatsStreamer.with>[0]),
  },
  {
    broker: 'rabbitmq',
    name: 'RabbitMQStreamer',
    from: require.resolve('@boostercloud/rabbitmq-streamer'),
    option: 'RabbitMQStreamer.with({ queue })',
    options: (url) => ({ url, pollWaitMs: 100 }),
    publisher: (options) => RabbitMQStreamer.with(options as Parameters<typeof RabbitMQStreamer.with>[0]),
  },
  {
    broker: 'kafka',
    name: 'KafkaStreamer',
    from: require.resolve('@boostercloud/kafka-streamer'),
    option: 'KafkaStreamer.with({ consumer: { groupId } })',
    options: (url) => ({ brokers: [url], consumer: { pollWaitMs: 100 } }),
    publisher: (options) => KafkaStreamer.with(options as Parameters<typeof KafkaStreamer.with>[0]),
    provision: async (options) => {
      const streamer = KafkaStreamer.with(options as Parameters<typeof KafkaStreamer.with>[0])
      await streamer.provision(['notes']).finally(() => streamer.close())
    },
  },
]

for (const { broker, name, from, option, options, publisher, provision } of COLUMNS) {
  describe('two services with one name and a state each', function () {
    this.timeout(300_000)

    describeWithServer(broker, (server) => {
      const members: GroupMember[] = []
      before(() => provision?.(options(server().url)))

      const inFolder = (
        test: (start: (state: string, appName?: string) => GroupMember) => Promise<void>
      ): Promise<void> =>
        inTempFolder(async (folder) => {
          const service = `shop-${randomUUID().slice(0, 8)}`
          try {
            await test((state, appName = service) => {
              const connector = { from, name, options: options(server().url) }
              const member = new GroupMember({ connector, state: join(folder, state), appName })
              members.push(member)
              return member
            })
          } finally {
            await Promise.all(members.splice(0).map((member) => member.end('SIGKILL')))
          }
        })

      /** Publishes until each member has handled it: one that has just started may have no queue yet, and what comes before that is not kept for it. */
      async function publishUntil(members: readonly GroupMember[], n: number): Promise<void> {
        const streamer = publisher(options(server().url))
        const event = (): unknown => withMetadata({ n }, { id: randomUUID(), key: 'k', source: 'test' })
        try {
          for (const member of members)
            await member.until(async () => {
              if (member.handled.includes(n)) return true
              await streamer.publish([event()] as Parameters<typeof streamer.publish>[0], 'notes')
              return false
            })
        } finally {
          await streamer.close()
        }
      }

      it('are refused: the second one, with what to do, while the first goes on; one that follows a killed one is warned', () =>
        inFolder(async (start) => {
          const first = start('one')
          const apart = start('three', `apart-${randomUUID().slice(0, 8)}`)
          for (const member of [first, apart]) await member.says('started')
          await publishUntil([first, apart], 2)
          const second = start('two')
          const { code, refused } = await second.says('refused')
          expect(code).to.equal('GROUP_OWNED')
          expect(refused).to.contain('shop-').and.contain('appName').and.contain(option)
          expect(second.handled).to.deep.equal([])
          await first.end('SIGKILL')
          const next = start('two')
          await next.says('started')
          expect(next.warned('has read from')).to.equal(true)
          await publishUntil([next, apart], 3)
          expect(apart.warned('group'), 'another group is not disturbed').to.equal(false)
        }))

      it('wait for one another in a deployment: the next one starts when the one before it has shut down', () =>
        inFolder(async (start) => {
          const first = start('one')
          await first.says('started')
          const second = start('two')
          await second.until(() => second.warned('Waiting up to'))
          await first.end('SIGTERM')
          await second.says('started')
          await publishUntil([second], 4)
        }))
    })
  })
}
