import { expect } from 'chai'
import type { GroupOwner, StreamerLogger } from '@boostercloud/streamer-connector'
import { describeWithServer, startServer } from '@boostercloud/dev-brokers'
import { NatsStreamer } from '../../src'
import { notes, pollUntil } from '../support/note'
import { connectPlainly, operate } from '../support/plain-client'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { until } from '../support/repeat'
import { OWN_SERVER, useStreamers } from '../support/use-streamers'

const owner = (stateId: string, member = stateId, leaseMs = 60_000): GroupOwner => ({ stateId, member, leaseMs })

/** What a streamer warns of. */
function listening(nats: NatsStreamer): string[] {
  const warnings: string[] = []
  const quiet = (): void => undefined
  const logger = { debug: quiet, info: quiet, error: quiet, warn: (text: string) => void warnings.push(text) }
  nats.attach({ streamerId: 'main', appName: 'shop', environment: 'test', logger: logger as StreamerLogger })
  return warnings
}

describe('the owner of a group, in NATS', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)

    it('is one state, whichever of its processes asks; another one is refused, with what to do', async () => {
      const [first, second] = [streamer(), streamer()]
      expect(await first.ownGroup(['posts'], owner('ours', 'a'))).to.deep.equal({ before: [] })
      expect(await second.ownGroup(['posts'], owner('ours', 'b'))).to.deep.equal({ before: [] })
      const { message, retryable } = await rejection(
        second.ownGroup(['likes', 'posts'], owner('theirs')),
        'GROUP_OWNED'
      )
      expect(message).to.contain('ours').and.contain('topic posts, group unknown')
      expect(message).to.contain('config.streaming.state').and.contain('NatsStreamer.with({ group })')
      expect(retryable).to.equal(true)
      expect(await first.ownGroup(['likes'], owner('ours')), 'nothing was changed').to.deep.equal({ before: [] })
    })

    it('is told apart by the name of the service, and by the option group, whatever is in it', async () => {
      const groups = ['shop', 'shop.eu', 'shop eu', 'shop*', 'läden', 'shop>']
      for (const group of groups) await streamer({ group }).ownGroup(['posts'], owner(`state of ${group}`))
      for (const group of groups) await rejection(streamer({ group }).ownGroup(['posts'], owner('x')), 'GROUP_OWNED')
    })

    it('is nobody who only reads', async () => {
      for (const ordering of ['key', 'none'] as const) {
        const [service, tail] = [streamer({ ordering, group: ordering }), streamer({ ordering, group: ordering })]
        await service.ownGroup(['posts'], owner('ours'))
        await service.publish(notes(3), 'posts')
        expect(await pollUntil(tail, 'posts', 3)).to.have.length.at.least(3)
        const replayed = []
        for await (const event of tail.read('posts', {})) replayed.push(event)
        expect(replayed).to.have.length.at.least(3)
      }
    })

    it('is one of the states that ask at once', async () => {
      const states = Array.from({ length: 8 }, (_, n) => `state-${n}`)
      const asked = states.map((state) =>
        streamer()
          .ownGroup(['posts'], owner(state))
          .then(
            () => state,
            (thrown: { code: string }) => thrown.code
          )
      )
      const answers = await Promise.all(asked)
      const owners = answers.filter((answer) => states.includes(answer))
      expect(owners, answers.join()).to.have.length(1)
      expect(answers.filter((answer) => answer === 'GROUP_OWNED')).to.have.length(7)
    })

    it('may change when each process has left, or when the lease is over by the clock of the server', async () => {
      const nats = streamer()
      await nats.ownGroup(['posts'], owner('one', 'a'))
      await nats.ownGroup(['posts'], owner('one', 'b'))
      await nats.leaveGroup(['posts'], owner('one', 'a'))
      await rejection(nats.ownGroup(['posts'], owner('two')), 'GROUP_OWNED')
      await nats.leaveGroup(['posts'], owner('one', 'b'))
      expect(await nats.ownGroup(['posts'], owner('two', 'c', 1_500))).to.deep.equal({ before: ['one'] })
      await rejection(nats.ownGroup(['posts'], owner('one', 'a')), 'GROUP_OWNED')
      let before: readonly string[] = []
      const asking = (): Promise<boolean> =>
        nats.ownGroup(['posts'], owner('three')).then(
          (owned) => (before = owned.before).length > 0,
          () => false
        )
      await until(asking, 'the end of the lease')
      expect(before).to.deep.equal(['two', 'one'])
    })

    it('is not looked for where nothing is to be made, until provisioning makes the stream of the groups', async () => {
      const foreign = streamer()
      await foreign.provision(['posts'])
      await operate(server().url, (api) => api.streams.delete(`${stream()}_groups`))
      const nats = streamer({ declare: false })
      const warnings = listening(nats)
      for (const state of ['one', 'two'])
        expect(await nats.ownGroup(['posts'], owner(state))).to.deep.equal({ before: [] })
      expect(warnings).to.have.length(1)
      expect(warnings[0]).to.contain('cannot be recorded').and.contain(`${stream()}_groups`)
      await nats.provision(['posts'])
      await nats.ownGroup(['posts'], owner('one'))
      await rejection(nats.ownGroup(['posts'], owner('two')), 'GROUP_OWNED')
    })

    it('is a value that the tools of NATS can show, kept as the events are', async () => {
      const nats = streamer({ storage: 'memory', group: 'shop' })
      await nats.publish(notes(1), 'posts')
      await nats.ownGroup(['posts'], owner('ours'))
      const [config, message] = await operate(server().url, async (api) => {
        const bucket = `${stream()}_groups`
        const last = await api.streams.getMessage(bucket, { last_by_subj: `$KV.${bucket}.shop` })
        return [(await api.streams.info(bucket)).config, last] as const
      })
      expect(config).to.deep.include({ storage: 'memory', max_msgs_per_subject: 1 })
      expect(message?.json<{ holdings: object[] }>().holdings[0]).to.deep.include({ state: 'ours', topics: ['posts'] })
    })
  })

  it('may stay unknown: where a right is missing, that is said once, and reading goes on', async () => {
    const user = (name: string, deny: string): string =>
      `{ user: ${name}, password: p, permissions: { publish: { allow: ">", deny: ${deny} }, subscribe: ">" } }`
    const users = [
      '{ user: all, password: p }',
      user('maker', '"$JS.API.STREAM.CREATE.streamers_groups"'),
      user('reader', '"$JS.API.STREAM.MSG.GET.streamers_groups"'),
      user('writer', '"$KV.>"'),
      user('asker', '"$JS.API.STREAM.INFO.streamers_groups"'),
    ]
    const rights = { ways: OWN_SERVER, settings: { authorization: `{ users: [ ${users.join('\n')} ] }` } }
    const own = await startServer('nats', rights)
    const servers = new URL(own.url).host
    const made: NatsStreamer[] = []
    const as = (name: string): NatsStreamer => {
      const nats = NatsStreamer.with({ servers, user: name, pass: 'p', pollWaitMs: 200 })
      made.push(nats)
      return nats
    }
    try {
      for (const name of ['maker', 'all', 'reader', 'writer', 'asker']) {
        const nats = as(name)
        const warnings = listening(nats)
        for (let n = 0; n < 3; n += 1) await nats.ownGroup(['posts'], owner(name))
        await nats.publish(notes(1), 'posts')
        await pollUntil(nats, 'posts', 1)
        await nats.leaveGroup(['posts'], owner(name))
        expect(
          warnings.filter((text) => text.includes('cannot be recorded')),
          name
        ).to.have.length(name === 'all' ? 0 : 1)
      }
    } finally {
      await Promise.all(made.map((nats) => nats.close()))
      await own.stop()
    }
  })

  it('may stay unknown: where the account may have no further stream', async () => {
    const settings = {
      accounts: '{ APP: { jetstream: { max_streams: 1 }, users: [ { user: app, password: p } ] } }',
      authorization: '{}',
    }
    const own = await startServer('nats', { ways: OWN_SERVER, settings })
    const url = `nats://app:p@${new URL(own.url).host}`
    const nats = NatsStreamer.with({ servers: url, pollWaitMs: 200 })
    try {
      await connectPlainly(url).then((connection) => connection.close())
      const warnings = listening(nats)
      await nats.publish(notes(1), 'posts')
      expect(await nats.ownGroup(['posts'], owner('ours'))).to.deep.equal({ before: [] })
      expect(warnings.join()).to.contain('maximum number of streams')
      await pollUntil(nats, 'posts', 1)
    } finally {
      await nats.close()
      await own.stop()
    }
  })
})
