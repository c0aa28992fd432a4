import { join } from 'node:path'
import type { BrokerKind, Place } from '../broker-kind'
import { cachedArchive } from '../fetch/maven-cache'

const VERSION = '2.6.13.Final'

/** Apicurio Registry, which speaks the interface of Confluent's. It keeps schemas in memory: what was registered is gone when it ends. */
export const schemaRegistry: BrokerKind = {
  name: 'schema-registry',
  title: 'schema registry',
  variable: 'STREAMERS_SCHEMA_REGISTRY_URL',
  hint: 'Set STREAMERS_SCHEMA_REGISTRY_URL to a registry, or start Docker, or install Java 17 and Maven.',
  refusesRoot: false,
  stopSignal: 'SIGTERM',
  container: {
    image: `apicurio/apicurio-registry-mem:${VERSION}`,
    port: 8080,
    env: ({ settings }) => ({ QUARKUS_LOG_LEVEL: 'WARN', ...settings }),
    takesSettings: true,
  },
  installed: async () => undefined,
  fetched: () =>
    cachedArchive(`apicurio-registry-${VERSION}`, `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`),
  prepare: async () => undefined,
  command: (programs, { folder, port, settings }) => ({
    file: 'java',
    args: [
      '-Xmx384m',
      '-XX:TieredStopAtLevel=1',
      `-Djava.io.tmpdir=${folder}`,
      '-Dquarkus.http.host=127.0.0.1',
      `-Dquarkus.http.port=${port}`,
      '-Dquarkus.log.level=WARN',
      '-Dquarkus.otel.sdk.disabled=true',
      ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
      '-jar',
      join(programs, `apicurio-registry-app-${VERSION}-runner.jar`),
    ],
  }),
  url,
  ready: async (place) =>
    fetch(`${url(place)}/subjects`).then(
      ({ ok }) => ok,
      () => false
    ),
}

function url({ port }: Pick<Place, 'port'>): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`
}
