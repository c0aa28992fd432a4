import { parsed, wholeNumber } from './lib/options'
import { runTypeScript } from './lib/run'
import { built } from './lib/steps'

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
const OPTIONS = { messages: { type: 'string' }, seed: { type: 'string' } } as const

/** `npm run fuzz`. What is fuzzed was built. */
export async function main(args: readonly string[]): Promise<void> {
  const numbers = parsed(args, HELP, { options: OPTIONS }, ({ values }) => [
    wholeNumber('--messages', values.messages ?? '1000000'),
    wholeNumber('--seed', values.seed ?? String(Date.now() % 2 ** 31)),
  ])
  await built(() => runTypeScript('scripts/fuzz/main.ts', numbers.map(String)))
}
