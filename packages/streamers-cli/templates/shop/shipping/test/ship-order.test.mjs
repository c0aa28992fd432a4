import { before, describe, it } from 'node:test'
import { UUID } from '@boostercloud/framework-types'
import { StreamedService } from '@boostercloud/streamer-testkit/service'
import { OrderPlaced } from '@shop/contract'

describe('shipping', () => {
  let service

  before(async () => {
    service = await StreamedService.load(`${import.meta.dirname}/..`)
  })

  it('ships what was ordered, and publishes that to the topic shipments', async () => {
    const orderId = UUID.generate()
    await service.given('main/orders', new OrderPlaced(orderId, 'Teapot', 2))

    service.thenRegistered('OrderShipped', { orderId, trackingCode: `PARCEL-${orderId}` })
    service.thenStreamed('main/shipments', 'OrderShipped', { orderId })
  })
})
