import { describeWithServer } from '@boostercloud/dev-brokers'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import { expect } from 'chai'
import { provisionTopics } from '../packages/streamers-cli/src/app/provision'

const quiet = (): void => undefined
const service = {
  appName: 'shop',
  environment: 'test',
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
}

describe('what boost-streamers provision makes', function () {
  this.timeout(60_000)

  describeWithServer('rabbitmq', (server) => {
    it('is the queues of the service, under its name, for what it handles and not for what it publishes', async () => {
      const options = { url: server().url }
      const made = RabbitMQStreamer.with(options)
      const seen = RabbitMQStreamer.with(options)
      try {
        const handled = [{ address: 'main/orders' }]
        const published = [{ address: 'main/shipments' }]
        expect(await provisionTopics({ streamers: { main: made }, service }, handled, published)).to.deep.equal([
          'main/orders',
        ])
        seen.attach({ streamerId: 'main', ...service })
        expect(await seen.lag('orders')).to.equal(0)
        expect(await seen.lag('shipments')).to.equal(undefined)
      } finally {
        await made.close()
        await seen.close()
      }
    })
  })
})
