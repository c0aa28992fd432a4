import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BoosterApp } from '../../../streamers/test/support/booster-app'
import { Command, run } from './command'
import type { Ended } from './command'
import { eventually } from '../../../streamers/test/support/eventually'

const INDEX = `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterServeGraphQL } from '@boostercloud/framework-core'
Booster.start(__dirname)
`

const CONFIG = `import { Booster } from '@boostercloud/framework-core'
import { LocalStreamer } from '@boostercloud/local-streamer'
Booster.configure('local', (config) => {
  config.appName = 'notes'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.streamers = { main: LocalStreamer.with({ path: 'log', maxEventBytes: Number(process.env.MAX_EVENT_BYTES ?? 10_000) }) }
  config.streaming = { receiving: { retry: { attempts: 2, firstDelayMs: 10, jitter: 0 } } }
})
`

/** The event's class, with its decorator. */
export const noteAdded = (decorator: string): string => `import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'
${decorator}
export class NoteAdded {
  public constructor(readonly noteId: UUID, readonly text: string) {}
  public entityID(): UUID {
    return this.noteId
  }
}
`

const APP = `import { Command, Entity, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { NoteAdded } from './note-added'

@Entity
export class Note {
  public constructor(readonly id: UUID, readonly text: string) {}
  @Reduces(NoteAdded)
  public static added(event: NoteAdded): Note {
    return new Note(event.noteId, event.text)
  }
}

@Command({ authorize: 'all' })
export class AddNote {
  public constructor(readonly noteId: string, readonly text: string) {}
  public static async handle(command: AddNote, register: Register): Promise<void> {
    register.events(new NoteAdded(command.noteId as UUID, command.text))
  }
}
`

/** Appends what it is given to a file, and fails while there is a file `broken`. */
const HANDLER = `import { appendFileSync, existsSync } from 'node:fs'
import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { NoteAdded } from './note-added'

@EventHandler({ eventType: NoteAdded, streamedFrom: 'main/notes' })
export class WritesNotes {
  public static async handle(event: NoteAdded, register: Register): Promise<void> {
    void register
    if (existsSync('broken')) throw new TypeError('The pen is \\u001b[31mbroken.')
    appendFileSync('written', event.text + '\\n')
  }
}
`

/** The sources of an app that streams notes and writes down those that arrive. */
export const NOTES: Readonly<Record<string, string>> = {
  'src/index.ts': INDEX,
  'src/config.ts': CONFIG,
  'src/note-added.ts': noteAdded(`@Event({ streamTo: 'main/notes' })`),
  'src/app.ts': APP,
  'src/handler.ts': HANDLER,
}

/** The address in what a started service says. */
const LISTENS = /http:\/\/127\.0\.0\.1:(\d+)\/graphql/

/** A service that was started by `boost-streamers start`. */
export class Service {
  private constructor(
    public readonly command: Command,
    public readonly port: number
  ) {}

  /** Resolves when it listens; rejects with what it said instead. */
  public static async start(
    folder: string,
    env: Readonly<Record<string, string>> = {},
    args: readonly string[] = ['--no-build']
  ): Promise<Service> {
    const command = new Command(['start', '--port', '0', ...args], { cwd: folder, env })
    try {
      await command.says(LISTENS, 120_000)
    } catch (error) {
      await command.end()
      throw error
    }
    return new Service(command, Number(LISTENS.exec(command.out)?.[1]))
  }

  /** Sends a command; rejects where GraphQL answers with errors. */
  public async add(noteId: string, text: string): Promise<void> {
    const query = `mutation { AddNote(input: { noteId: "${noteId}", text: "${text}" }) }`
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const body = await response.text()
    if (!body.includes('"AddNote":true')) throw new Error(body)
  }
}

/** Runs a test with an app of its own, built; ends what `start` began. */
export async function withNotes(
  test: (
    app: BoosterApp,
    start: (env?: Readonly<Record<string, string>>, args?: readonly string[]) => Promise<Service>
  ) => Promise<void>,
  files: Readonly<Record<string, string>> = {}
): Promise<void> {
  const app = await BoosterApp.build({ ...NOTES, ...files })
  const services: Service[] = []
  try {
    await test(app, async (env, args) => {
      const service = await Service.start(app.folder, env, args)
      services.push(service)
      return service
    })
  } finally {
    for (const { command } of services) await command.end()
    await app.remove()
  }
}

/** What the handler has written so far. */
export async function written(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'written'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

/** Waits until the handler has written exactly these. */
export async function untilWritten(folder: string, texts: readonly string[]): Promise<void> {
  await eventually(
    async () => JSON.stringify(await written(folder)) === JSON.stringify(texts),
    () => written(folder),
    60_000
  )
}

/** Makes the handler fail from now on. */
export async function breakHandler(folder: string): Promise<void> {
  await writeFile(join(folder, 'broken'), '')
}

/** Changes the compiled configuration of the app. */
export async function configure(folder: string, from: string, to: string): Promise<void> {
  const file = join(folder, 'dist', 'config.js')
  const text = await readFile(file, 'utf8')
  if (!text.includes(from)) throw new Error(`The app's configuration does not say ${from}`)
  await writeFile(file, text.replace(from, to))
}

/** Has the app keep its state elsewhere. */
export async function moveState(folder: string): Promise<void> {
  await configure(folder, 'config.streaming = {', "config.streaming = { state: 'elsewhere',")
}

/** Waits until the handler has given up on an event. */
export async function untilDead(folder: string): Promise<void> {
  const list = (what: string): Promise<Ended> => run([what, 'list'], { cwd: folder })
  await eventually(
    async () => (await list('dead-letters')).out.includes('WritesNotes'),
    () => list('links'),
    120_000
  )
}
