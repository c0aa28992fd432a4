import { expect } from 'chai'
import type { ConformanceCase } from '../conformance-case'

const USER = { username: 'ann', roles: ['Admin'], claims: { iss: 'x' } }

export const connectionCases: readonly ConformanceCase[] = [
  {
    name: 'connection_data_come_back',
    asserts: 'the data of a connection are fetched as they were stored, so that a socket keeps its user',
    async run(bench) {
      const id = bench.unique('connection')
      const expirationTime = Math.floor(Date.now() / 1_000) + 3_600
      await bench.provider.connections.storeData(bench.config, id, { expirationTime, user: USER })
      expect(await bench.provider.connections.fetchData(bench.config, id)).to.deep.include({
        expirationTime,
        user: USER,
      })
    },
  },
  {
    name: 'connection_data_are_replaced',
    asserts: 'what is stored for a connection replaces what was',
    async run(bench) {
      const id = bench.unique('connection')
      const expirationTime = Math.floor(Date.now() / 1_000) + 3_600
      await bench.provider.connections.storeData(bench.config, id, { expirationTime })
      await bench.provider.connections.storeData(bench.config, id, { expirationTime, user: USER })
      expect((await bench.provider.connections.fetchData(bench.config, id))?.user).to.deep.equal(USER)
    },
  },
  {
    name: 'connection_data_are_deleted',
    asserts: 'deleted data are gone, those of other connections are not, and deleting twice resolves',
    async run(bench) {
      const [mine, theirs] = [bench.unique('connection'), bench.unique('connection')]
      const expirationTime = Math.floor(Date.now() / 1_000) + 3_600
      for (const id of [mine, theirs]) await bench.provider.connections.storeData(bench.config, id, { expirationTime })
      for (const id of [mine, mine]) await bench.provider.connections.deleteData(bench.config, id)
      expect(await bench.provider.connections.fetchData(bench.config, mine)).to.equal(undefined)
      expect(await bench.provider.connections.fetchData(bench.config, theirs)).to.deep.include({ expirationTime })
    },
  },
  {
    name: 'connection_unknown',
    asserts: 'an unknown connection has no data',
    async run(bench) {
      expect(await bench.provider.connections.fetchData(bench.config, bench.unique('connection'))).to.equal(undefined)
    },
  },
]
