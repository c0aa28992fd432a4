import type { SubscriptionEnvelope } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'

export const subscriptionCases: readonly ConformanceCase[] = [
  {
    name: 'subscription_comes_back',
    asserts: 'a subscription is fetched by the name of its read model, with all that the notifier needs',
    async run(bench) {
      const given = subscription(bench, { className: bench.unique('Model') })
      await bench.provider.readModels.subscribe(bench.config, given)
      const [found, ...others] = await bench.provider.readModels.fetchSubscriptions(bench.config, given.className)
      const { class: _class, ...told } = given
      expect(found).to.deep.include(told)
      expect(others).to.deep.equal([])
    },
  },
  {
    name: 'subscription_of_its_read_model_only',
    asserts: 'subscriptions to other read models are not among them',
    async run(bench) {
      await bench.provider.readModels.subscribe(bench.config, subscription(bench, {}))
      expect(await bench.provider.readModels.fetchSubscriptions(bench.config, bench.unique('Model'))).to.deep.equal([])
    },
  },
  {
    name: 'subscription_is_deleted_alone',
    asserts: 'deleting one subscription of a connection leaves its others, and those of others with the same id',
    async run(bench) {
      const className = bench.unique('Model')
      const [mine, theirs] = [bench.unique('connection'), bench.unique('connection')]
      for (const [connectionID, id] of [
        [mine, 'one'],
        [mine, 'two'],
        [theirs, 'one'],
      ] as const) {
        await bench.provider.readModels.subscribe(bench.config, subscription(bench, { className, connectionID, id }))
      }
      await bench.provider.readModels.deleteSubscription(bench.config, mine, 'one')
      expect(await subscribers(bench, className)).to.have.members([`${mine} two`, `${theirs} one`])
    },
  },
  {
    name: 'subscription_all_of_a_connection_are_deleted',
    asserts: 'deleting all subscriptions of a connection leaves those of others',
    async run(bench) {
      const className = bench.unique('Model')
      const [mine, theirs] = [bench.unique('connection'), bench.unique('connection')]
      for (const connectionID of [mine, theirs]) {
        for (const id of ['one', 'two']) {
          await bench.provider.readModels.subscribe(bench.config, subscription(bench, { className, connectionID, id }))
        }
      }
      await bench.provider.readModels.deleteAllSubscriptions(bench.config, mine)
      expect(await subscribers(bench, className)).to.have.members([`${theirs} one`, `${theirs} two`])
    },
  },
  {
    name: 'subscription_delete_of_nothing',
    asserts: 'deleting a subscription that is not there resolves',
    async run(bench) {
      await bench.provider.readModels.deleteSubscription(bench.config, bench.unique('connection'), 'none')
      await bench.provider.readModels.deleteAllSubscriptions(bench.config, bench.unique('connection'))
    },
  },
  {
    name: 'subscription_expires',
    asserts: 'a subscription is not fetched after its expiration time',
    async run(bench) {
      const className = bench.unique('Model')
      const expirationTime = Math.floor(Date.now() / 1_000) - 60
      await bench.provider.readModels.subscribe(bench.config, { ...subscription(bench, { className }), expirationTime })
      expect(await subscribers(bench, className)).to.deep.equal([])
    },
  },
]

interface Told {
  readonly className?: string
  readonly connectionID?: string
  readonly id?: string
}

function subscription(bench: Bench, { className, connectionID, id = 'one' }: Told): SubscriptionEnvelope {
  const name = className ?? bench.unique('Model')
  return {
    class: { [name]: class {} }[name],
    className: name,
    connectionID: connectionID ?? bench.unique('connection'),
    requestID: bench.unique('request'),
    version: 1,
    filters: { size: { gt: 1, lt: 3 } },
    currentUser: { username: 'ann', roles: ['Admin'], claims: {} },
    expirationTime: Math.floor(Date.now() / 1_000) + 3_600,
    operation: { query: 'subscription { x { id } }', id, variables: { a: [1] } },
  } as unknown as SubscriptionEnvelope
}

async function subscribers(bench: Bench, className: string): Promise<string[]> {
  const found = await bench.provider.readModels.fetchSubscriptions(bench.config, className)
  return found.map(({ connectionID, operation }) => `${connectionID} ${operation.id}`)
}
