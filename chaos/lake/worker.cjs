// A process beside a lake: a recorder, a compaction or a reader. It dies where it is told to.
const { appendFileSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout: pause } = require('node:timers/promises')
const { onFailpoint } = require('@boostercloud/streamer-connector')
const { Lake } = require('@boostercloud/streamers-lake')

const { role, folder, place, connector, address, mutant } = JSON.parse(process.env.CHAOS_LAKE)
const lake = Lake.with({ ...place, segmentMs: 25, segmentEvents: 40 })
const write = (file, line) => appendFileSync(join(folder, file), `${JSON.stringify(line)}\n`)
const up = () => process.send({ up: true })

const ROLES = {
  /** Records until it is killed. */
  async recorder() {
    const streamers = { main: require(connector.package)[connector.name].with(connector.options) }
    const recording = await lake.record({ streamers, addresses: [address], appName: 'chaos' })
    up()
    throw await recording.failed
  },

  /** Compacts again and again. Files of replaced segments are removed at once, so that no reader can lean on them. */
  async compaction() {
    up()
    for (;;) {
      await lake.compact({ segmentEvents: 400, keepMs: 0 })
      await pause(20)
    }
  },

  /** Follows the lake from its first event on, and writes down what it sees. */
  async reader() {
    up()
    for await (const { log, partition, position, id } of lake.follow({ address }, { from: 'first' })) {
      write('reader.jsonl', { log, partition, position, id })
    }
  },
}

dieWhenTold()
if (mutant !== undefined) require('./mutants.cjs')[mutant]()
ROLES[role]().catch((error) => {
  console.error(error)
  process.exit(1)
})

/** Kills the process at the n-th time from now that it comes to a failpoint. */
function dieWhenTold() {
  let order
  process.on('message', (message) => (order = message))
  process.on('disconnect', () => process.exit(1))
  onFailpoint((name) => {
    if (name !== order?.failpoint) return
    order.times -= 1
    if (order.times > 0) return
    write('deaths.jsonl', { role, failpoint: name })
    process.kill(process.pid, 'SIGKILL')
    for (;;); // Nothing runs between the order and the death.
  })
}
