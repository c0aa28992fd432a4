// Starts the app in the working directory as a service, and says on which port it listens. The first argument is JSON: `killAt`, a failpoint at which the
// process ends as by `kill -9`; what else is in it is for the app, as APP_OPTIONS.
const path = require('node:path')
const { onFailpoint } = require('@boostercloud/streamer-connector')
const { freePort } = require('@boostercloud/dev-brokers')

const options = JSON.parse(process.argv[2])
process.env.APP_OPTIONS = process.argv[2]
const { Booster } = require(path.join(process.cwd(), 'dist', 'index.js'))
const say = (...words) => process.stdout.write(words.map(String).join(' ') + '\n')
Booster.config.logger = { debug: () => undefined, info: () => undefined, warn: say, error: say }
if (options.killAt) onFailpoint((name) => void (name === options.killAt && process.kill(process.pid, 'SIGKILL')))

async function main() {
  const port = await freePort()
  await Booster.config.provider.infrastructure().start(Booster.config, port)
  say(`ready ${port}`)
}

main().catch((error) => {
  say('FAILED', error.stack)
  process.exitCode = 1
})
