// Starts the app in the working directory and says its health again and again.
const { createServer } = require('node:net')
const path = require('node:path')
Object.assign(process.env, JSON.parse(process.argv[2]))

const say = (...words) => process.stdout.write(words.map(String).join(' ') + '\n')

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

async function main() {
  const { Booster, streamingHealth } = require(path.join(process.cwd(), 'dist', 'index.js'))
  Booster.config.logger = { debug: () => undefined, info: () => undefined, warn: say, error: say }
  await Booster.config.provider.infrastructure().start(Booster.config, await freePort())
  setInterval(async () => say('HEALTH', JSON.stringify(await streamingHealth(Booster.config))), 200)
}

main().catch((error) => {
  say('FAILED', error.stack)
  process.exitCode = 1
})
