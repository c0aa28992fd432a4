import { parseArgs } from 'node:util'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'
import { reportFailure } from './lib/progress.mjs'

const HELP = `npm run fuzz [-- options]

Sends malformed messages, headers of AMQP, batches of Kafka, and bodies of Avro, JSON Schema and Protobuf through everything that parses what comes from outside, and
prints what became of them. Exit code 1 when one crashed something, took too long, was neither delivered nor a dead letter, or when memory grew.

  --messages N   how many (1000000)
  --seed N       which; a new one each time, printed: the same seed makes the same messages
  --help         this

Examples
  npm run fuzz
  npm run fuzz -- --messages 20000 --seed 7
`

const options = parseOptions(process.argv.slice(2))
if (options.help) console.log(HELP)
else await start(options)

async function start({ messages, seed }) {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
    const { fuzz } = await import('./fuzz/run.mjs')
    const { summary, failures } = await fuzz({ messages, seed, onProgress: (line) => console.log(line) })
    console.log(summary)
    process.exitCode = failures.length === 0 ? 0 : 1
  } catch (error) {
    reportFailure(error)
    process.exitCode = 1
  }
}

function parseOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: { messages: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    const seed = values.seed ?? String(Date.now() % 2 ** 31)
    return {
      help: values.help,
      messages: whole('--messages', values.messages ?? '1000000'),
      seed: whole('--seed', seed),
    }
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}

function whole(name, text) {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`${name} takes a whole number from 1, not '${text}'.`)
  return number
}
