import { expect } from 'chai'
import type { GroupOwner, StreamerLogger } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { RabbitMQStreamer } from '../../src'
import { eventually, notes, numbers, pollUntil } from '../support/note'
import { useRabbit } from '../support/rabbit'
import { rejection } from '../../../streamer-connector/test/support/rejection'

const owner = (stateId: string, leaseMs = 60_000): GroupOwner => ({ stateId, member: 'm', leaseMs })
const [OURS, THEIRS] = ['0190b2f6-6f5e-7000-8000-000000000001', '0190b2f6-6f5e-7000-8000-000000000002']

/** What a streamer warns of. */
function listening(streamer: RabbitMQStreamer): string[] {
  const warnings: string[] = []
  const quiet = (): void => undefined
  const logger = { debug: quiet, info: quiet, error: quiet, warn: (text: string) => void warnings.push(text) }
  streamer.attach({ streamerId: 'main', appName: 'shop', environment: 'test', logger: logger as StreamerLogger })
  return warnings
}

describeWithServer('rabbitmq', (server) => {
  const rabbit = useRabbit(server)

  /** Asks until it is owned; answers who was before. */
  async function owned(streamer: RabbitMQStreamer, topic: string, by: GroupOwner): Promise<readonly string[]> {
    let before: readonly string[] | undefined
    await eventually(async () => {
      before = await streamer.ownGroup([topic], by).then(
        (answer) => answer.before,
        () => undefined
      )
      return before !== undefined
    })
    return before ?? []
  }

  describe('the owner of a group, in RabbitMQ', () => {
    it('is one state, whichever of its processes asks; another one is refused, with what to do', async () => {
      const [first, second, third] = [rabbit.streamer(), rabbit.streamer(), rabbit.streamer()]
      const [posts, likes] = [rabbit.name(), rabbit.name()]
      for (let n = 0; n < 2; n += 1) expect(await first.ownGroup([posts], owner(OURS))).to.deep.equal({ before: [] })
      expect(await second.ownGroup([posts], owner(OURS))).to.deep.equal({ before: [] })
      const refused = rejection(third.ownGroup([likes, posts], owner(THEIRS, 1)), 'GROUP_OWNED')
      const { message, retryable } = await refused
      expect(message).to.contain(OURS).and.contain(`topic ${posts}, group unknown`)
      expect(message).to.contain('config.streaming.state').and.contain('RabbitMQStreamer.with({ queue })')
      expect(retryable).to.equal(true)
      await rejection(third.ownGroup([posts], owner(THEIRS, 1)), 'GROUP_OWNED')
      expect(await first.ownGroup([likes, posts], owner(OURS)), 'nothing was changed').to.deep.equal({ before: [] })
    })

    it('has its queues: what is published then is kept for it, before it has polled', async () => {
      const [service, other] = [rabbit.streamer(), rabbit.streamer()]
      const topic = rabbit.name()
      await service.ownGroup([topic], owner(OURS))
      await other.publish(notes(1, 4), topic)
      expect(numbers(await pollUntil(service, topic, 3))).to.deep.equal([1, 2, 3])
    })

    it('is told apart by the name of the service, and by the option queue', async () => {
      const topic = rabbit.name()
      const [first, second, third] = [rabbit.streamer(), rabbit.streamer({ queue: 'apart' }), rabbit.streamer()]
      for (const one of [first, second]) one.attach({ streamerId: 'main', appName: 'shop', environment: 'test' })
      third.attach({ streamerId: 'main', appName: 'other', environment: 'test' })
      await first.ownGroup([topic], owner('one'))
      await second.ownGroup([topic], owner('two'))
      await third.ownGroup([topic], owner('three'))
      for (const one of [first, second, third]) await rejection(one.ownGroup([topic], owner('four')), 'GROUP_OWNED')
    })

    it('is nobody who only reads, and disturbs no reading', async () => {
      const topic = rabbit.name()
      const [service, tail] = [rabbit.streamer({ ordering: 'none' }), rabbit.streamer({ ordering: 'none' })]
      await service.provision([topic])
      await service.ownGroup([topic], owner(OURS))
      await service.publish(notes(0, 3), topic)
      expect(await pollUntil(tail, topic, 3)).to.have.length(3)
      const { messageCount } = await rabbit.channel.checkQueue(`unknown.${topic}`)
      expect(messageCount).to.equal(0)
    })

    it('is one of the states that ask at once', async () => {
      const topic = rabbit.name()
      const states = Array.from({ length: 6 }, (_, n) => `state-${n}`)
      const asking = states.map((state) =>
        rabbit
          .streamer()
          .ownGroup([topic], owner(state))
          .then(
            () => state,
            (thrown: { code: string }) => thrown.code
          )
      )
      const answers = await Promise.all(asking)
      const owners = answers.filter((answer) => states.includes(answer))
      expect(owners.length, answers.join()).to.be.at.most(1)
      expect(answers.filter((answer) => answer === 'GROUP_OWNED')).to.have.length(states.length - owners.length)
    })

    it('may change when each process has left, at once', async () => {
      const topic = rabbit.name()
      const [a, b, other] = [rabbit.streamer(), rabbit.streamer(), rabbit.streamer()]
      await a.ownGroup([topic], owner(OURS))
      await b.ownGroup([topic], owner(OURS))
      await a.leaveGroup([topic], owner(OURS))
      await rejection(other.ownGroup([topic], owner(THEIRS)), 'GROUP_OWNED')
      await b.leaveGroup([topic], owner(OURS))
      expect(await other.ownGroup([topic], owner(THEIRS))).to.deep.equal({ before: [OURS] })
      await rejection(a.ownGroup([topic], owner(OURS)), 'GROUP_OWNED')
      await other.leaveGroup([topic], owner(THEIRS))
      expect(await other.ownGroup([topic], owner(THEIRS)), 'a restart').to.deep.equal({ before: [] })
    })

    it('may change when nobody has been there for the time of a lease, and not before', async () => {
      const topic = rabbit.name()
      const [first, second] = [rabbit.streamer(), rabbit.streamer()]
      await first.ownGroup([topic], owner(OURS))
      await first.close()
      const begun = performance.now()
      await rejection(second.ownGroup([topic], owner(THEIRS, 1_500)), 'GROUP_OWNED')
      expect(await owned(second, topic, owner(THEIRS, 1_500))).to.deep.equal([OURS])
      expect(performance.now() - begun).to.be.at.least(1_500)
    })

    it('stays when a connection is cut and comes back, also while another state waits', async () => {
      const topic = rabbit.name()
      const [first, second] = [rabbit.streamer(), rabbit.streamer()]
      await first.ownGroup([topic], owner(OURS))
      const { receiving } = first as unknown as { receiving: { get(): Promise<{ close(): Promise<void> }> } }
      await (await receiving.get()).close()
      await rejection(second.ownGroup([topic], owner(THEIRS)), 'GROUP_OWNED')
      expect(await owned(first, topic, owner(OURS))).to.deep.equal([])
      await rejection(second.ownGroup([topic], owner(THEIRS, 1)), 'GROUP_OWNED')
      await rejection(second.ownGroup([topic], owner(THEIRS, 1)), 'GROUP_OWNED')
    })

    it('is made anew where somebody has deleted what says it', async () => {
      const topic = rabbit.name()
      const [first, second] = [rabbit.streamer(), rabbit.streamer()]
      await first.ownGroup([topic], owner(OURS))
      await rabbit.channel.deleteExchange(`unknown.${topic}.owner`)
      await first.ownGroup([topic], owner(OURS))
      await rejection(second.ownGroup([topic], owner(THEIRS, 1)), 'GROUP_OWNED')
      await rejection(second.ownGroup([topic], owner(THEIRS, 1)), 'GROUP_OWNED')
    })

    it('is kept where names are long, though its id is not told then', async () => {
      const topic = rabbit.name('t'.repeat(120))
      const [first, replica, other] = [rabbit.streamer(), rabbit.streamer(), rabbit.streamer()]
      const warnings = listening(other)
      for (const one of [first, replica]) one.attach({ streamerId: 'main', appName: 'shop', environment: 'test' })
      await first.ownGroup([topic], owner(OURS))
      expect(await replica.ownGroup([topic], owner(OURS))).to.deep.equal({ before: [] })
      const { message } = await rejection(other.ownGroup([topic], owner(THEIRS, 300)), 'GROUP_OWNED')
      expect(message).to.contain('Another streaming state')
      for (const one of [first, replica]) await one.leaveGroup([topic], owner(OURS))
      expect(await owned(first, topic, owner(OURS)), 'a restart').to.deep.equal([])
      await first.leaveGroup([topic], owner(OURS))
      expect(await owned(other, topic, owner(THEIRS, 300))).to.deep.equal([])
      expect(warnings.join()).to.contain('Another streaming state has read under the name')
    })

    it('is not looked for with declare: false, which is said once', async () => {
      const topic = rabbit.name()
      await rabbit.streamer().provision([topic])
      for (const state of ['one', 'two']) {
        const streamer = rabbit.streamer({ declare: false })
        const warnings = listening(streamer)
        for (let n = 0; n < 2; n += 1) await streamer.ownGroup([topic], owner(state))
        expect(warnings.filter((text) => text.includes('cannot be recorded'))).to.have.length(1)
      }
    })
  })
})

describeWithServer(
  'rabbitmq',
  (server) => {
    const rabbit = useRabbit(server)

    it('may stay unknown: where a right is missing, that is said once, and reading goes on', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer()
      const warnings = listening(streamer)
      await streamer.provision([topic])
      for (const state of ['one', 'two'])
        expect(await streamer.ownGroup([topic], owner(state))).to.deep.equal({ before: [] })
      await streamer.publish(notes(0, 1), topic)
      expect(await pollUntil(streamer, topic, 1)).to.have.length(1)
      await streamer.leaveGroup([topic], owner('one'))
      expect(warnings.filter((text) => text.includes('cannot be recorded'))).to.have.length(1)
      expect(warnings.join()).to.contain('refused')
    })
  },
  {
    settings: {
      'default_permissions.configure': '^(streamers|shop-test\\.topic-[0-9]+)$',
      'default_permissions.read': '.*',
      'default_permissions.write': '.*',
    },
  }
)
