import { parseArgs } from 'node:util'
import { streamerNames } from './demo/streamers.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'

const HELP = `npm start [-- options]

Builds everything and runs examples/blog: three Booster services and a program that is not Booster.

  --once             end when every post has arrived; exit code 0 if each was seen exactly once everywhere
  --posts N          how many posts to create (20)
  --streamer NAME    over what: ${streamerNames.join(', ')} (local)
  --help             this

Examples
  npm start
  npm start -- --once
  npm start -- --once --posts 200
  npm start -- --streamer kafka
  npm start -- --streamer rabbitmq
  npm start -- --streamer nats
`

const options = parseOptions(process.argv.slice(2))
if (options.help) {
  console.log(HELP)
} else {
  await start(options)
}

async function start({ once, posts, streamer }) {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort(signal))
  process.stdout.on('error', () => stop.abort('nobody reads on'))
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
    const { runDemo } = await import('./demo/demo.mjs')
    const exact = await runDemo({ once, posts, streamer, signal: stop.signal })
    process.exitCode = exact ? 0 : 1
  } catch (error) {
    process.exitCode = stop.signal.aborted ? 130 : 1
    if (!stop.signal.aborted) console.error(error.cause ? `${error.message}\n${error.cause.message}` : error.message)
  }
}

function parseOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        once: { type: 'boolean' },
        posts: { type: 'string' },
        streamer: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return {
      once: values.once ?? false,
      posts: values.posts && wholeNumber(values.posts),
      streamer: knownStreamer(values.streamer ?? 'local'),
      help: values.help,
    }
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}

function wholeNumber(text) {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`--posts takes a whole number from 1, not '${text}'.`)
  return number
}

function knownStreamer(name) {
  if (!streamerNames.includes(name)) throw new Error(`--streamer takes ${streamerNames.join(', ')}, not '${name}'.`)
  return name
}
