// Loads the app in the working directory as Lambda would, and does what its parent asks for, one thing after the other.
const path = require('node:path')
const AWS = require('aws-sdk')

// The provider's own client (version 2 of the SDK) asks no variable for another address of DynamoDB.
AWS.config.update({ dynamodb: { endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB } })
const app = require(path.join(process.cwd(), 'dist', 'index.js'))
const { RegisterHandler } = require('@boostercloud/framework-core')
const { Register, UUID } = require('@boostercloud/framework-types')
const { OrderPlaced } = require(path.join(process.cwd(), 'dist', 'events.js'))

const quiet = () => undefined
const say = (...words) => process.stderr.write(words.map(String).join(' ') + '\n')
app.Booster.config.logger = { debug: quiet, info: quiet, warn: say, error: say }

const WORK = {
  /** Calls a function by the id that its deployment gives it. */
  async call({ id, address, request }) {
    process.env.BOOSTER_ROCKET_FUNCTION_ID = id
    if (address) process.env.BOOSTER_STREAMERS_ADDRESS = address
    else delete process.env.BOOSTER_STREAMERS_ADDRESS
    return app.boosterRocketDispatcher(request)
  },
  /** Registers events as a command does. */
  async store({ orders }) {
    const register = new Register(UUID.generate(), {}, RegisterHandler.flush)
    register.events(...orders.map(({ id, n }) => new OrderPlaced(id, n)))
    await RegisterHandler.handle(app.Booster.config, register)
  },
  /** Which files of the app's code are in memory. */
  async loaded() {
    return Object.keys(require.cache)
  },
  async eventsTable() {
    return app.Booster.config.resourceNames.eventsStore
  },
}

process.on('message', ({ number, work, ...what }) => {
  WORK[work](what).then(
    (answer) => process.send({ number, answer: answer ?? null }),
    (error) => process.send({ number, error: String(error?.stack ?? error) })
  )
})
process.send({ ready: true })
