import { join } from 'node:path'
import type { BrokerKind, Place } from '../broker-kind'
import { cachedLibraries } from '../fetch/maven-cache'

const VERSION = '2.6.0'
const PORT_INSIDE = 8000

/** Amazon's DynamoDB Local. Takes any credentials and has the same tables for all of them and in every region. */
export const dynamodb: BrokerKind = {
  name: 'dynamodb',
  title: 'DynamoDB Local',
  variable: 'STREAMERS_DYNAMODB_URL',
  hint: 'Set STREAMERS_DYNAMODB_URL to a DynamoDB Local, or start Docker, or install Java 17 and Maven.',
  refusesRoot: false,
  stopSignal: 'SIGTERM',
  container: {
    image: `amazon/dynamodb-local:${VERSION}`,
    port: PORT_INSIDE,
    env: () => ({}),
    takesSettings: false,
    args: () => ['-jar', 'DynamoDBLocal.jar', '-sharedDb', '-inMemory'],
  },
  installed: async () => undefined,
  fetched: () => cachedLibraries(`dynamodb-${VERSION}`, [`com.amazonaws:DynamoDBLocal:${VERSION}`]),
  prepare: async () => undefined,
  command: (programs, { folder, port }) => ({
    file: 'java',
    args: [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      `-Djava.library.path=${programs}`,
      `-Djava.io.tmpdir=${folder}`,
      '-DDDBLocal.bindAddress=127.0.0.1',
      '-cp',
      join(programs, '*'),
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      '-sharedDb',
      '-dbPath',
      folder,
      '-port',
      String(port),
    ],
  }),
  url,
  // Without a request that is signed it answers with an error, which is an answer.
  ready: async (place) =>
    fetch(url(place), { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false
    ),
}

function url({ port }: Pick<Place, 'port'>): string {
  return `http://127.0.0.1:${port}`
}
