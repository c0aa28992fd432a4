import { expect } from 'chai'
import { settingsFrom } from '../../src/infrastructure/parameters'
import type { AwsStreamingParameters } from '../../src/infrastructure/parameters'
import { CLUSTER, SECRET } from './support/deployment'

const WRONG: ReadonlyArray<readonly [name: string, parameters: AwsStreamingParameters]> = [
  ['timeoutSeconds', { timeoutSeconds: 0 }],
  ['timeoutSeconds', { timeoutSeconds: 901 }],
  ['memoryMb', { memoryMb: 64 }],
  ['everyMinutes', { everyMinutes: 0.5 }],
  ['maxReceives', { maxReceives: 1 }],
  ['logDays', { logDays: 0 }],
  ['secrets.PASSWORD', { secrets: { PASSWORD: 'a password' } }],
  ['kafka.main.secret', { kafka: { main: { authentication: 'plain' } } }],
  ['kafka.main.secret', { kafka: { main: { authentication: 'plain', secret: 'a password' } } }],
  ['kafka.main.authority', { kafka: { main: { authority: '-----BEGIN CERTIFICATE-----' } } }],
  ['kafka.main.authentication', { kafka: { main: { authentication: 'iam' } } }],
  ['kafka.main.authentication', { kafka: { main: { cluster: CLUSTER, authentication: 'plain', secret: SECRET } } }],
  ['retries', { retries: 3 } as AwsStreamingParameters],
]

describe('the parameters of the rocket', () => {
  it('all have a default', () => {
    const { fixes, ...settings } = settingsFrom()
    expect(fixes).to.deep.equal({})
    expect(Object.values(settings)).not.to.include(undefined)
    expect(settingsFrom({ timeoutSeconds: undefined })).to.deep.equal(settingsFrom())
  })

  it('are taken as they are', () => {
    const parameters: AwsStreamingParameters = {
      secrets: { PASSWORD: `${SECRET}#password` },
      kafka: { main: { cluster: CLUSTER, authentication: 'scram-sha-512', secret: SECRET } },
      timeoutSeconds: 300,
    }
    expect(settingsFrom(parameters)).to.deep.include(parameters)
  })

  for (const [name, parameters] of WRONG) {
    it(`are refused by name: ${name} of ${JSON.stringify(parameters)}`, () => {
      expect(() => settingsFrom(parameters))
        .to.throw('[OPTION_INVALID]')
        .with.property('message')
        .that.contains(` ${name} `)
    })
  }

  it('are refused without telling what was given for a secret', () => {
    expect(() => settingsFrom({ secrets: { PASSWORD: 'hunter2' } })).to.throw(/^((?!hunter2).)*$/)
  })
})
