// Comes before the service: everything here is done to it from outside, so that the service itself is a plain app.
const { appendFileSync } = require('node:fs')
const { Server } = require('node:net')
const { onFailpoint } = require('@boostercloud/streamer-connector')

listenOnLoopbackOnly()
dieWhenTold()
if (process.env.CHAOS_MUTANT) require('./mutants.cjs')[process.env.CHAOS_MUTANT]()

/** Booster's local provider would listen on every interface. */
function listenOnLoopbackOnly() {
  const { listen } = Server.prototype
  Server.prototype.listen = function (port, ...rest) {
    return typeof port === 'number' || typeof port === 'string'
      ? listen.call(this, Number(port), '127.0.0.1', ...rest.filter((argument) => typeof argument === 'function'))
      : listen.call(this, port, ...rest)
  }
}

/** Kills the process at the n-th time from now that it comes to a failpoint. */
function dieWhenTold() {
  let order
  process.on('message', (message) => (order = message))
  process.on('disconnect', () => process.exit(1))
  process.channel.unref()
  onFailpoint((name) => {
    if (name !== order?.failpoint) return
    order.times -= 1
    if (order.times > 0) return
    const line = { what: 'failpoint', stage: process.env.CHAOS_STAGE, pid: process.pid, name }
    appendFileSync('../witness.jsonl', `${JSON.stringify(line)}\n`)
    process.kill(process.pid, 'SIGKILL')
    for (;;); // Nothing runs between the order and the death.
  })
}
