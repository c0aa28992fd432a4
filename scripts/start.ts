import { runDemo } from '../examples/blog/demo/demo'
import { streamerNames } from '../examples/blog/demo/streamers'
import type { StreamerName } from '../examples/blog/demo/streamers'
import { CommandFailed } from './lib/run'
import { parsed, wholeNumber } from './lib/options'
import { ensureBuilt } from './lib/steps'

const HELP = `npm start [-- options]

Builds everything and runs examples/blog: three Booster services and a program that is not Booster.

  --once             end when every post has arrived; exit code 0 if each was seen exactly once everywhere
  --posts N          how many posts to create (20)
  --streamer NAME    over what: ${streamerNames.join(', ')} (local)
  --lake             record all events into the event lake examples/blog/.booster/lake
  --help             this

Examples
  npm start
  npm start -- --once
  npm start -- --once --posts 200
  npm start -- --lake
  npm start -- --streamer kafka
  npm start -- --streamer rabbitmq
  npm start -- --streamer nats
`
const OPTIONS = {
  once: { type: 'boolean' },
  lake: { type: 'boolean' },
  posts: { type: 'string' },
  streamer: { type: 'string' },
} as const

/** `npm start`. */
export async function main(args: readonly string[]): Promise<void> {
  const options = parsed(args, HELP, { options: OPTIONS }, ({ values }) => ({
    once: values.once ?? false,
    lake: values.lake ?? false,
    posts: values.posts === undefined ? undefined : wholeNumber('--posts', values.posts),
    streamer: knownStreamer(values.streamer ?? 'local'),
  }))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort(signal))
  process.stdout.on('error', () => stop.abort('nobody reads on'))
  try {
    await ensureBuilt()
    const exact = await runDemo({ ...options, signal: stop.signal })
    process.exitCode = exact ? 0 : 1
  } catch (error) {
    process.exitCode = stop.signal.aborted ? 130 : 1
    if (!stop.signal.aborted) console.error(wordsOf(error as Error))
  }
}

function wordsOf(error: Error): string {
  const more = error instanceof CommandFailed ? error.output : (error.cause as Error | undefined)?.message
  return more ? `${error.message}\n${more}` : error.message
}

function knownStreamer(name: string): StreamerName {
  const known = streamerNames.find((one) => one === name)
  if (!known) throw new Error(`--streamer takes ${streamerNames.join(', ')}, not '${name}'.`)
  return known
}
