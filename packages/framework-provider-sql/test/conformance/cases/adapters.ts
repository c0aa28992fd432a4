import { InvalidParameterError, NotAuthorizedError } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { ConformanceCase } from '../conformance-case'
import { eventually } from '../../../../streamers/test/support/eventually'

export const adapterCases: readonly ConformanceCase[] = [
  {
    name: 'request_over_http_becomes_an_envelope',
    asserts: 'a GraphQL request over HTTP becomes an envelope with its body and token, and no connection',
    async run(bench) {
      const request = { headers: { authorization: 'Bearer x' }, body: { query: '{ a }' } }
      const envelope = await bench.provider.graphQL.rawToEnvelope(bench.config, request)
      expect(envelope).to.deep.include({ eventType: 'MESSAGE', token: 'Bearer x', value: { query: '{ a }' } })
      expect(envelope.connectionID).to.equal(undefined)
      expect(envelope.requestID).to.be.a('string').and.not.be.empty
    },
  },
  {
    name: 'answer_of_a_success',
    asserts: 'a result is handed on as a success, with its headers',
    async run(bench) {
      const answer = await bench.provider.graphQL.handleResult({ data: { a: 1 } }, { 'x-a': 'b' })
      expect(answer).to.deep.include({ status: 'success', result: { data: { a: 1 } }, headers: { 'x-a': 'b' } })
    },
  },
  {
    name: 'answer_of_a_failure',
    asserts: 'an error is handed on with the code of HTTP that it means, and its words',
    async run(bench) {
      const { api } = bench.provider
      const wrong = await api.requestFailed(new InvalidParameterError('wrong'))
      const denied = await api.requestFailed(new NotAuthorizedError('denied'))
      expect(wrong).to.deep.include({ status: 'failure', code: 400, title: 'Invalid Parameter Error', reason: 'wrong' })
      expect(denied).to.deep.include({ status: 'failure', code: 401, reason: 'denied' })
    },
  },
  {
    name: 'scheduled_command_becomes_an_envelope',
    asserts: 'what the scheduler says becomes an envelope with the name of the command; without a name it is refused',
    async run(bench) {
      const { scheduled } = bench.provider
      const envelope = await scheduled.rawToEnvelope(bench.config, { typeName: 'Tick' })
      expect(envelope.typeName).to.equal('Tick')
      expect(envelope.requestID).to.be.a('string').and.not.be.empty
      const refused = await scheduled.rawToEnvelope(bench.config, {}).catch((error: Error) => error.message)
      expect(refused).to.match(/typeName/)
    },
  },
  {
    name: 'scheduled_command_runs',
    asserts: 'a scheduled command that is triggered has its events stored and reduced',
    async run(bench) {
      const ticks = async (): Promise<number> => {
        const clock = await bench.provider.events.latestEntitySnapshot(bench.config, 'Clock', 'clock')
        return (clock?.value as unknown as { ticks: number } | undefined)?.ticks ?? 0
      }
      const before = await ticks()
      await bench.app.boosterTriggerScheduledCommand({ typeName: 'Tick' })
      await eventually(async () => (await ticks()) === before + 1, ticks)
    },
  },
  {
    name: 'rocket_request_becomes_an_envelope',
    asserts: 'a request to a rocket becomes an envelope with the id of its function',
    async run(bench) {
      const request = { BOOSTER_ROCKET_FUNCTION_ID: 'my-rocket' }
      expect(bench.provider.rockets.rawToEnvelopes(bench.config, request)).to.deep.include({ rocketId: 'my-rocket' })
    },
  },
]
