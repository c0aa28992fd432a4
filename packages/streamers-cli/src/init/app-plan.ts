import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { fileName } from '../contracts/names'
import { streamersModule, topicOf } from '../contracts/streamers-module'
import { withLineEndsOf, withPackages, withPostbuild } from '../app/manifest'
import { appSources, configurations, eventClasses } from './app-sources'
import type { AppSource, Configuration, EventClass } from './app-sources'
import { BROKERS } from './brokers'
import type { Change } from './change'
import { withStreamTo, withStreamer } from './edits'

/** What an app is to stream. */
export interface AppChoice {
  /** The app's folder. */
  readonly folder: string
  /** The event's class; undefined where the app has one only, or none that it does not stream already. */
  readonly event?: string
  /** Where to, as `main/orders`. */
  readonly address: string
  /** One of `BROKERS`. */
  readonly broker: string
  /** Booster's environment. */
  readonly environment: string
  /** Version of the packages. */
  readonly version: string
}

/** What is to be changed, and what only a person can change. */
export interface AppPlan {
  readonly changes: readonly Change[]
  readonly notes: readonly string[]
}

/**
 * What an app needs so that an event leaves it and comes back to a handler: packages, a streamer, `streamTo`, what the topic carries, a handler. What is there already is left as
 * it is. Throws `OPTION_INVALID` where the app has no such event, several with none named, or no such environment.
 */
export function appPlan(choice: AppChoice): AppPlan {
  const sources = appSources(choice.folder)
  const event = chosenEvent(eventClasses(sources), choice)
  const configured = configurations(sources)
  const config = chosenConfiguration(configured, choice)
  const without = notesOnStreamers(config, configured, choice)
  const changes = [manifestChange(choice), ...configChange(config, choice), ...eventChange(event, choice)]
  // An app that streams an event already has said where to, and who handles it, in words of its own.
  if (event.options !== undefined) return { changes, notes: without }
  const contract = contractOf(event, choice)
  return {
    changes: [...changes, contract, handlerOf(event, choice)],
    notes: contract.text.includes(event.name)
      ? without
      : [
          ...without,
          `${relative('.', contract.file)} exists already: declare in it that ${choice.address} carries ${event.name}.`,
        ],
  }
}

/** Where the streamer is still missing: a service does not start in an environment without it. */
function notesOnStreamers(chosen: Configuration, all: readonly Configuration[], { address }: AppChoice): string[] {
  const { streamerId } = topicOf(address)
  const lacking = all.filter(({ streamers = [] }) => streamers.length > 0 && !streamers.includes(streamerId))
  const empty = all.filter((one) => one !== chosen && one.streamers === undefined)
  return [
    ...lacking.map((one) => `${placeOf(one)} has streamers, but not '${streamerId}': add it, or use --address.`),
    ...empty.map((one) => `${placeOf(one)} has no streamers, so the service does not start there. ${remedyFor(one)}`),
  ]
}

function placeOf({ environment, source }: Configuration): string {
  const file = relative('.', source.file)
  return environment === undefined ? `An environment in ${file}` : `The environment '${environment}' in ${file}`
}

function remedyFor({ environment }: Configuration): string {
  return environment === undefined ? 'Add them.' : `Run boost-streamers init --env ${environment} --broker NAME.`
}

function chosenEvent(events: readonly EventClass[], { event, folder }: AppChoice): EventClass {
  const names = events.map(({ name }) => name).join(', ')
  if (event !== undefined) {
    const found = events.find(({ name }) => name === event)
    if (found) return found
    throw invalid(`The app has no event class ${event}.`, '--event', names ? `It has ${names}.` : 'It has none.')
  }
  const [only, another] = events
  const streamed = events.find(({ options }) => options !== undefined)
  if (streamed) return streamed
  if (!only)
    throw invalid('The app has no event class: no class has the decorator @Event.', folder, 'Write an event first.')
  if (another) throw invalid('The app has several events.', '--event', `Name the one to stream: ${names}.`)
  return only
}

function chosenConfiguration(all: readonly Configuration[], { environment, folder }: AppChoice): Configuration {
  const found = all.find((one) => one.environment === environment)
  if (found) return found
  const known = all.flatMap((one) => one.environment ?? [])
  throw invalid(
    `There is no Booster.configure('${environment}', (config) => { … }) in the app.`,
    folder,
    known.length > 0 ? `Name another with --env: ${known.join(', ')}.` : 'Write one in src/config/config.ts.'
  )
}

function invalid(message: string, at: string, hint: string): StreamerError {
  return new StreamerError('OPTION_INVALID', message, { at, hint })
}

function manifestChange({ folder, broker, version }: AppChoice): Change {
  const file = join(folder, 'package.json')
  const text = readFileSync(file, 'utf8')
  const ours = `^${version}`
  const added = withPackages(text, file, {
    dependencies: { '@boostercloud/streamers': ours, [BROKERS[broker].package]: ours },
    devDependencies: { '@boostercloud/streamers-cli': ours },
  })
  return { file, text: withPostbuild(added, file), why: 'the packages, and the schemas of events at each build' }
}

function configChange(config: Configuration, { address, broker, environment }: AppChoice): Change[] {
  if (config.streamers !== undefined) return []
  const { streamerId } = topicOf(address)
  const text = withStreamer(config, streamerId, BROKERS[broker])
  return [{ file: config.source.file, text, why: `the streamer '${streamerId}' in environment '${environment}'` }]
}

function eventChange(event: EventClass, { address }: AppChoice): Change[] {
  if (event.options !== undefined) return []
  return [
    { file: event.source.file, text: withStreamTo(event, address), why: `${event.name} is published to ${address}` },
  ]
}

function contractOf({ name, imported, source }: EventClass, { folder, address }: AppChoice): Change {
  const file = join(folder, 'src', 'streamers.ts')
  const written = streamersModule(name, { module: moduleFrom(file, source), imported }, topicOf(address))
  const text = withLineEndsOf(source.text, written)
  return unlessThere({ file, text, why: 'what the topic carries, for the compiler' })
}

function handlerOf({ name, imported, source }: EventClass, { folder, address }: AppChoice): Change {
  const file = join(folder, 'src', 'event-handlers', `handle-${fileName(name)}`)
  const written = `import { Register } from '@boostercloud/framework-types'
import { EventHandler, metadataOf } from '@boostercloud/streamers'
import ${imported} from '${moduleFrom(file, source)}'

@EventHandler({ eventType: ${name}, streamedFrom: '${address}' })
export class Handle${name} {
  public static async handle(event: ${name}, _register: Register): Promise<void> {
    console.log(\`${name} \${metadataOf(event)?.id} has arrived: \${JSON.stringify(event)}\`)
  }
}
`
  const text = withLineEndsOf(source.text, written)
  return unlessThere({ file, text, why: 'a handler that shows what arrives' })
}

/** A file that somebody has written since is theirs. */
function unlessThere(change: Change): Change {
  return existsSync(change.file) ? { ...change, text: readFileSync(change.file, 'utf8') } : change
}

function moduleFrom(file: string, { file: target }: AppSource): string {
  const path = relative(join(file, '..'), target).replaceAll('\\', '/').replace(/\.ts$/, '')
  return path.startsWith('.') ? path : `./${path}`
}
