// A process that receives, and that some events end. It is told what to do by JSON; what its handlers do it writes to a file at once.
process.env.BOOSTER_ENV ??= 'test'
const { appendFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { LocalStreamer } = require('@boostercloud/local-streamer')
const { InFlight, PushReceiver, Receiver, RunGate } = require('@boostercloud/streamers/runtime')
const { openEmbeddedState } = require('@boostercloud/streamers/state')

const order = JSON.parse(process.argv[2])
const say = (line) => appendFileSync(order.witness, `${JSON.stringify({ ...line, pid: process.pid })}\n`)
const quiet = () => undefined
const until = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** How an event ends the process of its handler. */
const ENDS = {
  exit: () => process.exit(1),
  rejection: () => void until(5).then(() => Promise.reject(new Error('nobody waits for this'))),
  throws: () => void setTimeout(() => JSON.parse('not JSON'), 5),
  memory: () => process.abort(),
  // Whoever looks after the process ends it.
  loop: () => {
    say({ what: 'loops' })
    for (;;);
  },
}

/** Whether the process is about to end. What ended now might not be written down any more, and would rightly run again. */
let isEnding = false

async function run(link, { eventPayload }) {
  const { key, n, ends } = eventPayload
  const what = { key, n, handler: link.handler }
  say({ what: 'start', ...what })
  if (ends && link.handler === order.mortal) {
    isEnding = true
    ENDS[ends]()
    await until(60_000)
  }
  await until(order.ms ?? 10)
  if (isEnding) await until(60_000)
  say({ what: 'end', ...what })
  return undefined
}

const effects = {
  run,
  runBatch: async (link, events) => {
    for (const event of events) await run(link, event)
    return undefined
  },
  resume: async () => ({ packed: new Uint8Array(), marks: [], store: async () => undefined }),
}

/** A counter of starts that forgets. */
function forgetful(state) {
  const commit = state.commit.bind(state)
  state.commit = (changes) =>
    commit(changes.map((change) => (change.do === 'begin-run' ? { ...change, counts: false } : change)))
  return state
}

async function openState() {
  const { folder, state } = order
  if (!state) return openEmbeddedState(join(folder, 'state'))
  const provider = createRequire(state.from)(state.module)[state.name].at(state.options)
  return provider.open({ appName: 'shop', environment: 'test' })
}

async function main() {
  const opened = await openState()
  const state = order.forgets ? forgetful(opened) : opened
  const gate = new RunGate()
  const linkOf = (handler, address) => ({
    address,
    handler,
    retry: { attempts: 3, firstDelayMs: 5, factor: 1, maxDelayMs: 5, jitter: 0 },
    maxStarts: 5,
    afterDeadLetter: 'hold',
    holdLimit: 1_000,
    newerVersionLimitMs: 3_600_000,
    batchSize: order.batchSize,
  })
  const observe = {
    handled: quiet,
    parked: quiet,
    ignored: quiet,
    refused: quiet,
    received: quiet,
    died: ({ handler }, _event, { error }) => say({ what: 'dead', handler, message: error.message }),
  }
  const connector = LocalStreamer.with({ path: join(order.folder, 'log'), pollWaitMs: 50 })
  const around = {
    state,
    effects,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    observe,
    inFlight: new InFlight(),
    gate,
    owner: `process ${process.pid} ${Date.now()}`,
    claimMs: order.claimMs ?? 30_000,
    sole: !order.state,
    concurrency: 8,
  }
  if (order.pushed) {
    const address = 'log/notes'
    const receiver = new PushReceiver({ ...around, address, links: [linkOf(order.mortal, address)] })
    const events = order.pushed.map((note) => ({
      streamerId: 'log',
      eventPayload: note,
      eventId: `${note.n}`,
      metadata: { id: `${note.key}-${note.n}`, source: 'test', key: note.key },
    }))
    await receiver.receive(events, AbortSignal.timeout(20_000))
    await receiver.retry(AbortSignal.timeout(20_000))
    say({ what: 'called' })
    process.exit(0)
  }
  for (const [address, handlers] of Object.entries(order.links)) {
    const links = handlers.map((handler) => linkOf(handler, address))
    const { capabilities } = connector
    await new Receiver({ ...around, connector, capabilities, address, links, maxUnsettled: 100 }).start()
  }
  say({ what: 'ready' })
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(2)
})
