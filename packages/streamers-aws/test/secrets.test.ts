import './support/environment'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { loadSecrets, requireLoadedSecrets } from '../src/secrets/load-secrets'
import { credentials } from './support/tables'

const thrownBy = (work: () => void): unknown => {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  return undefined
}

describe('secrets', function () {
  this.timeout(60_000)

  it('are not asked for where the deployment names none, or where they are there already', () => {
    const none = { PATH: process.env.PATH }
    loadSecrets(none)
    expect(none).to.deep.equal({ PATH: process.env.PATH })
    const own = { PASSWORD: 'own', BOOSTER_STREAMERS_SECRETS: '{"PASSWORD":"arn:aws:secretsmanager:x"}' }
    loadSecrets(own)
    expect(own.PASSWORD).to.equal('own')
  })

  it('are refused where the deployment does not say where they are', () => {
    const error = thrownBy(() => loadSecrets({ BOOSTER_STREAMERS_SECRETS: 'no JSON' }))
    expect(isStreamerError(error, 'OPTION_INVALID'), String(error)).to.equal(true)
  })

  it('that nobody has loaded keep the app from being configured, by their names', () => {
    const named = { BOOSTER_STREAMERS_SECRETS: '{"PASSWORD":"arn:aws:secretsmanager:x"}' }
    const error = thrownBy(() => requireLoadedSecrets(named))
    expect(isStreamerError(error, 'OPTION_INVALID'), String(error)).to.equal(true)
    expect(String(error)).to.contain('PASSWORD').and.contain('loadSecrets()')
    expect(thrownBy(() => requireLoadedSecrets({ ...named, PASSWORD: 'own' }))).to.equal(undefined)
  })

  describeWithServer('moto', (server) => {
    const env = (places: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
      ...process.env,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server().url,
      BOOSTER_STREAMERS_SECRETS: JSON.stringify(places),
    })

    it('are in the environment when the app is loaded: whole ones and fields', async () => {
      const client = new SecretsManagerClient({ endpoint: server().url, region: 'eu-west-1', credentials })
      const made = await Promise.all(
        [
          { Name: 'plain', SecretString: 'hunter2 "ü"' },
          { Name: 'kafka', SecretString: JSON.stringify({ username: 'shop', password: 'hunter3' }) },
        ].map((secret) => client.send(new CreateSecretCommand(secret)))
      )
      client.destroy()
      const [plain, kafka] = made.map(({ ARN }) => ARN as string)
      const deployed = env({ PLAIN: plain, KAFKA_USER: `${kafka}#username`, KAFKA_PASSWORD: `${kafka}#password` })
      loadSecrets(deployed)
      expect(deployed).to.include({ PLAIN: 'hunter2 "ü"', KAFKA_USER: 'shop', KAFKA_PASSWORD: 'hunter3' })

      const missing = thrownBy(() => loadSecrets(env({ PASSWORD: `${kafka}#secret` })))
      expect(isStreamerError(missing, 'STREAMER_FORBIDDEN'), String(missing)).to.equal(true)
      expect(String(missing)).to.contain('PASSWORD').and.not.to.contain('hunter3')
    })

    it('that are not there keep the app from being loaded, by their names', () => {
      const nowhere = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:nowhere-AbCdEf'
      const error = thrownBy(() => loadSecrets(env({ PASSWORD: nowhere })))
      expect(isStreamerError(error, 'STREAMER_FORBIDDEN'), String(error)).to.equal(true)
      expect(String(error)).to.contain('ResourceNotFoundException').and.to.contain('PASSWORD')
    })
  })
})
