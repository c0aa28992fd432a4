// Starts the app in the working directory and prints what Booster's own health says of streaming once that is not healthy.
const path = require('node:path')
const { Booster } = require(path.join(process.cwd(), 'dist', 'index.js'))

async function main() {
  const port = Number(process.argv[2])
  await Booster.config.provider.infrastructure().start(Booster.config, port)
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/sensor/health/`).catch(() => undefined)
    const found = response && (await response.json())
    const streamers = Array.isArray(found) && found.find(({ id }) => id === 'streamers')
    if (streamers?.details?.healthy === false) {
      process.stdout.write(`HEALTH ${JSON.stringify(streamers)}\n`, () => process.exit(0))
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

main().catch((error) => {
  process.stdout.write(`FAILED ${error.stack}\n`, () => process.exit(1))
})
