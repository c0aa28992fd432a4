import { expect } from 'chai'
import type { ConformanceCase } from '../conformance-case'

/** What the health endpoint tells of a component. */
interface Told {
  readonly status: string
  readonly id: string
  readonly components?: readonly Told[]
}

export const healthCases: readonly ConformanceCase[] = [
  {
    name: 'health_of_the_databases',
    asserts: 'the databases are up, and tell of what they hold',
    async run(bench) {
      const { sensor } = bench.provider
      await bench.store(bench.step(bench.unique('counter'), 1))
      await bench.put(bench.unique('Model'), { id: 'a' })
      expect(await sensor.isDatabaseEventUp(bench.config)).to.equal(true)
      expect(await sensor.areDatabaseReadModelsUp(bench.config)).to.equal(true)
      const events = (await sensor.databaseEventsHealthDetails(bench.config)) as { count: number }
      const readModels = (await sensor.databaseReadModelsHealthDetails(bench.config)) as { count: number }
      expect(events.count).to.be.greaterThan(0)
      expect(readModels.count).to.be.greaterThan(0)
    },
  },
  {
    name: 'health_names_the_databases',
    asserts: 'the addresses of the databases have no passwords',
    async run(bench) {
      const urls = await bench.provider.sensor.databaseUrls(bench.config)
      expect(urls).to.not.be.empty
      for (const url of urls)
        expect(url)
          .to.be.a('string')
          .and.not.match(/:[^/@]+@/)
    },
  },
  {
    name: 'health_of_graphql',
    asserts: 'the GraphQL endpoint is up, at the address told',
    async run(bench) {
      expect(await bench.provider.sensor.graphQLFunctionUrl(bench.config)).to.match(
        new RegExp(`:${bench.port}/graphql$`)
      )
      expect(await bench.provider.sensor.isGraphQLFunctionUp(bench.config)).to.equal(true)
    },
  },
  {
    name: 'health_request',
    asserts: 'a request to the health endpoint becomes an envelope with the path and the token',
    async run(bench) {
      const request = { url: '/booster/database', headers: { authorization: 'Bearer x' } }
      const envelope = bench.provider.sensor.rawRequestToHealthEnvelope(request)
      expect(envelope).to.deep.include({ componentPath: 'booster/database', token: 'Bearer x' })
    },
  },
  {
    name: 'health_over_http',
    asserts: 'the health endpoint tells of function, database, events and read models, and all are up',
    async run(bench) {
      await bench.store(bench.step(bench.unique('counter'), 1))
      await bench.put(bench.unique('Model'), { id: 'a' })
      const response = await fetch(`http://127.0.0.1:${bench.port}/sensor/health/`)
      expect(response.status).to.equal(200)
      const told = ((await response.json()) as Told[]).flatMap(flat)
      expect(Object.fromEntries(told)).to.deep.include({
        booster: 'UP',
        'booster/function': 'UP',
        'booster/database': 'UP',
        'booster/database/events': 'UP',
        'booster/database/readmodels': 'UP',
      })
    },
  },
]

function flat({ id, status, components = [] }: Told): [string, string][] {
  return [[id, status], ...components.flatMap(flat)]
}
