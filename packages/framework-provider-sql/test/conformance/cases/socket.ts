import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { eventually } from '../../../../streamers/test/support/eventually'
import { SocketClient } from '../socket-client'

const ONE = `subscription ($id: ID!) { CounterView(id: $id) { id count label } }`
const MANY = `subscription ($filter: CounterViewSubscriptionFilter) { CounterViews(filter: $filter) { id count label } }`

export const socketCases: readonly ConformanceCase[] = [
  {
    name: 'socket_query',
    asserts: 'a query over the socket is answered and completed',
    run: withClient(async (bench, client) => {
      const id = bench.unique('counter')
      client.start('query', `query ($id: ID!) { CounterView(id: $id) { id } }`, { id })
      const messages = await client.until('query', 2)
      expect(messages.map(({ type }) => type)).to.deep.equal(['data', 'complete'])
      expect(messages[0]?.payload?.data).to.deep.equal({ CounterView: null })
    }),
  },
  {
    name: 'socket_subscription_by_id',
    asserts: 'who has subscribed to a read model is sent each of its new versions, and none of others',
    run: withClient(async (bench, client) => {
      const id = bench.unique('counter')
      await subscribed(bench, client, 'one', ONE, { id })
      await bench.store(bench.step(bench.unique('counter'), 1, 'other'))
      await bench.store(bench.step(id, 1, 'first'))
      await client.until('one', 1)
      await bench.store(bench.step(id, 2, 'second'))
      const messages = await client.until('one', 2)
      expect(messages.map(({ payload }) => payload?.data?.CounterView)).to.deep.equal([
        { id, count: 1, label: 'first' },
        { id, count: 2, label: 'second' },
      ])
    }),
  },
  {
    name: 'socket_subscription_by_filter',
    asserts: 'a subscription with a filter is sent what matches it',
    run: withClient(async (bench, client) => {
      const [id, label] = [bench.unique('counter'), bench.unique('label')]
      await subscribed(bench, client, 'filtered', MANY, { filter: { label: { eq: label } } })
      await bench.store(bench.step(id, 1, 'other'))
      await bench.store(bench.step(id, 2, label))
      const messages = await client.until('filtered', 1)
      expect(messages.map(({ payload }) => payload?.data?.CounterViews)).to.deep.equal([{ id, count: 2, label }])
    }),
  },
  {
    name: 'socket_subscription_stops',
    asserts: 'after stop a subscription is sent nothing more, while another of the same socket goes on',
    run: withClient(async (bench, client) => {
      const id = bench.unique('counter')
      await subscribed(bench, client, 'stopped', ONE, { id })
      await subscribed(bench, client, 'kept', ONE, { id })
      client.send({ type: 'stop', id: 'stopped' })
      await eventually(
        () => client.of('stopped').some(({ type }) => type === 'complete'),
        () => client.received
      )
      await bench.store(bench.step(id, 1))
      await client.until('kept', 1)
      expect(client.of('stopped').map(({ type }) => type)).to.deep.equal(['complete'])
    }),
  },
  {
    name: 'socket_close_ends_subscriptions',
    asserts: 'the subscriptions of a socket that closes are gone, and the next event is stored as before',
    async run(bench) {
      const id = bench.unique('counter')
      const client = await SocketClient.open(bench.socketPort)
      await subscribed(bench, client, 'closed', ONE, { id })
      await client.close()
      await eventually(async () => !(await isSubscribed(bench, 'closed')))
      await bench.store(bench.step(id, 1))
      await eventually(async () => (await bench.get('CounterView', id))?.count === 1)
    },
  },
  {
    name: 'socket_what_is_not_understood',
    asserts: 'a message that is not understood is answered with an error, and the socket goes on',
    run: withClient(async (bench, client) => {
      client.send({ type: 'nonsense' })
      await eventually(
        () => client.received.some(({ type }) => type === 'connection_error'),
        () => client.received
      )
      client.start('query', `query ($id: ID!) { CounterView(id: $id) { id } }`, { id: bench.unique('counter') })
      await client.until('query', 2)
    }),
  },
  {
    name: 'socket_message_to_nobody',
    asserts: 'a message to a connection that is gone ends, well or with an error, and the process lives',
    async run(bench) {
      const nobody = bench.unique('connection')
      await Promise.allSettled([bench.provider.connections.sendMessage(bench.config, nobody, { type: 'data' })])
    },
  },
]

function withClient(work: (bench: Bench, client: SocketClient) => Promise<void>): ConformanceCase['run'] {
  return async (bench) => {
    const client = await SocketClient.open(bench.socketPort)
    try {
      await work(bench, client)
    } finally {
      await client.close()
    }
  }
}

/** Subscribes; resolves when the subscription is stored. */
async function subscribed(
  bench: Bench,
  client: SocketClient,
  ...[id, query, variables]: [id: string, query: string, variables: object]
): Promise<void> {
  client.start(id, query, variables)
  await eventually(
    async () => isSubscribed(bench, id),
    () => client.received.slice(-3)
  )
}

async function isSubscribed(bench: Bench, id: string): Promise<boolean> {
  const found = await bench.provider.readModels.fetchSubscriptions(bench.config, 'CounterView')
  return found.some(({ operation }) => operation.id === id)
}
