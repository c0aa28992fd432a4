// A service without Booster, in a process of its own. It is told what to do by JSON; what becomes of it it says on its standard output, as JSON lines.
process.env.BOOSTER_ENV ??= 'test'
const { Declarations, topologyOf } = require('../../dist/declare')
const { Streaming } = require('../../dist/runtime')

const order = JSON.parse(process.argv[2])
const { from, name, options } = order.connector
const connector = require(from)[name].with(options)
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const quiet = () => undefined
const textOf = (details) => details.map((detail) => String(detail)).join(' ')

const declarations = new Declarations()
const handlerClass = { name: 'Handler', handle: async () => undefined }
const retry = { attempts: 10, firstDelayMs: 1_000, factor: 1, maxDelayMs: 1_000, jitter: 0 }
declarations.handlers.push({ handlerClass, streamedFrom: ['main/notes'], options: { retry }, at: 'class Handler' })
const failed = new Set()
const handled = async ({ eventPayload: { n } }) => {
  say({ handled: n })
  if (order.failing?.includes(n) && !failed.has(n)) {
    failed.add(n)
    throw new Error('the first time')
  }
  await new Promise((resolve) => setTimeout(resolve, order.ms ?? 0))
}
const effects = {
  run: async (_link, event) => handled(event),
  runBatch: async (_link, events) => {
    for (const event of events) await handled(event)
  },
  resume: async () => ({ packed: new Uint8Array(), marks: [], store: async () => undefined }),
}
const streamingOptions = { state: order.state, drainMs: 1_000 }
const topology = topologyOf(declarations, { main: connector }, streamingOptions)
const streaming = new Streaming(topology, streamingOptions, {
  appName: order.appName ?? 'shop',
  environment: 'test',
  log: { debug: quiet, info: quiet, warn: (...all) => say({ warned: textOf(all) }), error: quiet },
  events: { find: async () => new Map() },
  effectsWith: () => effects,
  timersWith: () => [],
})

process.on('SIGUSR2', () => void streaming.health().then((health) => say({ healthy: health?.healthy ?? false })))
process.once('SIGTERM', () => void streaming.drain().then(() => process.exit(0)))
streaming.start().then(
  () => say({ started: true }),
  // It must end by itself: nothing of it is open any more.
  (error) => say({ refused: error.message, code: error.code })
)
