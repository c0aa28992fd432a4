// Imports the package that is named, and says what the import has changed in its process: nothing should be different.
const name = process.argv[2]

/** What libraries add: `awslambda` is where the AWS SDK keeps the trace of a Lambda call. */
const OF_LIBRARIES = new Set(['awslambda'])

/** Each part of a process that an import could change, as something that can be compared. */
function lookAround() {
  return {
    environment: { ...process.env },
    globals: Reflect.ownKeys(globalThis).filter((key) => typeof key === 'string' && !OF_LIBRARIES.has(key)),
    listeners: Object.fromEntries(process.eventNames().map((event) => [String(event), process.listenerCount(event)])),
    prototypes: Object.fromEntries(
      [Object, Array, Function, Promise, Error, Date, Buffer].map((one) => [
        one.name,
        Reflect.ownKeys(one.prototype).map(String),
      ])
    ),
    running: process.getActiveResourcesInfo().filter((kind) => !['TTYWrap', 'PipeWrap', 'FSReqPromise'].includes(kind)),
    written: written.length,
    booster: boosterConfig(),
  }
}

/** The own properties of the one configuration that Booster keeps in a process; undefined while Booster is not loaded. */
function boosterConfig() {
  const core = require.cache[Object.keys(require.cache).find((file) => /framework-core.dist.index\.js$/.test(file))]
  let own
  core?.exports.Booster.configureCurrentEnv((config) => (own = Object.getOwnPropertyNames(config)))
  return own
}

const written = []
for (const stream of [process.stdout, process.stderr]) {
  stream.original = stream.write
  stream.write = (text) => written.push(text) > 0
}

async function main() {
  // Booster is not ours: what its own import changes is there before.
  if (process.env.BOOSTER_ENV)
    for (const each of ['core', 'common-helpers', 'types']) require(`@boostercloud/framework-${each}`)
  const before = lookAround()
  const required = Object.keys(require(name))
    .filter((key) => key !== 'default')
    .sort()
  const after = lookAround()
  const byName = Object.keys(await import(name)).filter(
    (key) => !['__esModule', 'default', 'module.exports'].includes(key)
  )
  const changed = Object.fromEntries(
    Object.keys(before)
      .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
      .map((part) => [part, { before: before[part], after: after[part] }])
  )
  process.stdout.original(JSON.stringify({ changed, byName: byName.sort(), required }))
}

main().catch((error) => {
  process.stderr.original(String(error.stack))
  process.exit(1)
})
