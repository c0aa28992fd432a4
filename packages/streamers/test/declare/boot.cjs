// Loads the app in the working directory and says what Booster then knows; exits with 1 and the message where it does not boot.
const path = require('node:path')
try {
  const { Booster } = require(path.join(process.cwd(), 'dist', 'index.js'))
  const { config } = Booster
  const handlers = Object.fromEntries(
    Object.entries(config.eventHandlers).map(([name, list]) => [name, list.map((one) => one.name)])
  )
  const summary = {
    events: Object.keys(config.events).filter((name) => !name.startsWith('Booster')),
    handlers,
    ownStore: config.provider.events.store === config._provider.events.store,
    ownInfrastructure: config.provider.infrastructure === config._provider.infrastructure,
  }
  process.stdout.write(JSON.stringify(summary) + '\n', () => process.exit(0))
} catch (error) {
  process.stdout.write(`${error.message}\n`, () => process.exit(1))
}
