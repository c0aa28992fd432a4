import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { notes } from '../support/note'
import { useRabbit } from '../support/rabbit'
import { rejection } from '../../../streamer-connector/test/support/rejection'

describeWithServer(
  'rabbitmq',
  (server) => {
    const rabbit = useRabbit(server)

    describe('what the server refuses', () => {
      it('is who has a wrong password, which nobody is told', async () => {
        const { host } = new URL(rabbit.url)
        const streamer = rabbit.streamer({ urls: [`amqp://streamers:no-such-password@${host}`] })
        const { message } = await rejection(streamer.publish(notes(0, 1), 'posts'), 'STREAMER_FORBIDDEN')
        expect(message).to.include(host).and.not.to.include('no-such-password')
        const { healthy, details } = await streamer.health()
        expect([healthy, details.error]).to.deep.equal([false, 'STREAMER_FORBIDDEN'])
      })

      it('is a virtual host that is not there', async () => {
        const streamer = rabbit.streamer({ urls: [`${rabbit.url}/nowhere`] })
        const { message } = await rejection(streamer.poll('posts'), 'STREAMER_FORBIDDEN')
        expect(message).to.include('/nowhere')
      })

      it('is an exchange or a queue that is missing and the user may not make', async () => {
        const streamer = rabbit.streamer()
        const { message } = await rejection(streamer.publish(notes(0, 1), 'posts'), 'STREAMER_FORBIDDEN')
        expect(message).to.include("exchange 'streamers'").and.to.include('rights')
        const topics = { posts: { exchange: 'amq.topic', exchangeType: 'topic' } } as const
        const other = await rejection(rabbit.streamer({ topics }).poll('posts'), 'STREAMER_FORBIDDEN')
        expect(other.message).to.include('unknown.posts')
      })

      it('is all there is to publish, while it is short of disk', async () => {
        const streamer = rabbit.streamer({ exchange: 'amq.topic', declare: false, publishTimeoutMs: 2000 })
        const { message, retryable } = await rejection(streamer.publish(notes(0, 1), 'posts'), 'STREAMER_UNAVAILABLE')
        expect(message).to.include('disk')
        expect(retryable).to.equal(true)
        const { healthy, details } = await streamer.health()
        expect(healthy).to.equal(false)
        expect(details.blocked).to.include('disk')
      })
    })
  },
  {
    settings: {
      'default_permissions.configure': '^$',
      'default_permissions.read': '.*',
      'default_permissions.write': '.*',
      'disk_free_limit.absolute': '900000GB',
    },
  }
)
