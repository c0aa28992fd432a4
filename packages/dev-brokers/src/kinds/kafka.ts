import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BrokerKind, Command, Place } from '../broker-kind'
import { exists } from '../fetch/cached-folder'
import { requireJava } from '../fetch/java'
import { kafkaAnswers } from './kafka-ready'
import { cachedLibraries } from '../fetch/maven-cache'
import { onPath } from '../fetch/on-path'
import { runToEnd } from '../run'

const VERSION = '4.3.1'
/** Kafka brings no logging of its own along. */
const LOGGING = '2.25.3'

/** Apache Kafka: one node that is broker and controller, its own data, no password. */
export const kafka: BrokerKind = {
  name: 'kafka',
  title: 'Kafka',
  variable: 'STREAMERS_KAFKA_BROKERS',
  hint: 'Set STREAMERS_KAFKA_BROKERS to host:port, or start Docker, or install Java 17 and Maven, or set KAFKA_HOME.',
  refusesRoot: false,
  stopSignal: 'SIGTERM',
  morePorts: 1,
  container: { image: `apache/kafka:${VERSION}`, port: 9092, env: containerSettings, takesSettings: true },
  installed: async () => {
    const { KAFKA_HOME } = process.env
    const scripts = await onPath('kafka-server-start.sh')
    const home = KAFKA_HOME ?? (scripts && dirname(scripts))
    const libraries = home && join(home, 'libs')
    if (!libraries || !(await exists(libraries))) return undefined
    await requireJava()
    return libraries
  },
  fetched: () =>
    cachedLibraries(`kafka-${VERSION}`, [
      `org.apache.kafka:kafka_2.13:${VERSION}`,
      `org.apache.logging.log4j:log4j-slf4j-impl:${LOGGING}`,
      `org.apache.logging.log4j:log4j-core:${LOGGING}`,
    ]),
  prepare,
  command: (programs, place) => java(programs, place, ['-Xms256m', '-Xmx512m'], 'kafka.Kafka', [settingsFile(place)]),
  url: ({ port }) => `127.0.0.1:${port}`,
  ready: ({ port }) => kafkaAnswers(port),
}

async function prepare(programs: string, place: Place): Promise<void> {
  const lines = Object.entries({ ...settingsOf(place), ...place.settings }).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(settingsFile(place), lines.join(''), { mode: 0o600 })
  await writeFile(join(place.folder, 'log4j2.properties'), LOG)
  if (await exists(join(data(place), 'meta.properties'))) return
  const clusterId = randomBytes(16).toString('base64url')
  const format = [
    'format',
    '--standalone',
    '--ignore-formatted',
    `--cluster-id=${clusterId}`,
    '-c',
    settingsFile(place),
  ]
  await runToEnd(java(programs, place, ['-XX:TieredStopAtLevel=1'], 'kafka.tools.StorageTool', format))
}

/** Waits of a few seconds, as for members of a group that has just begun or for a broker that comes back, are for large clusters. */
function settingsOf(place: Place): Readonly<Record<string, string>> {
  const { port, morePorts } = place
  const [controller] = morePorts
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data(place),
    ...SMALL,
  }
}

const SMALL = {
  'num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '300',
  'log.cleaner.dedupe.buffer.size': '16777216',
} as const

const LOG = `rootLogger.level=WARN
rootLogger.appenderRef.stdout.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c{1}: %m%n
`

/** The image takes its settings from variables. */
function containerSettings(place: Place): Readonly<Record<string, string>> {
  const own = {
    ...SMALL,
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': '1@127.0.0.1:9093',
    listeners: 'PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093',
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${place.port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    ...place.settings,
  }
  const variable = (name: string): string => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [variable(name), value]))
}

function java(
  programs: string,
  { folder }: Place,
  options: readonly string[],
  main: string,
  args: readonly string[]
): Command {
  const log = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`
  return { file: 'java', args: [...options, '-Djava.awt.headless=true', log, '-cp', `${programs}/*`, main, ...args] }
}

function settingsFile({ folder }: Place): string {
  return join(folder, 'server.properties')
}

function data({ folder }: Place): string {
  return join(folder, 'data')
}
