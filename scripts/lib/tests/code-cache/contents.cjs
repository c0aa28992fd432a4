'use strict'
// Loads what the tests load of packages: ours, as they are built, what they depend on, and the compiler, which compiles something.
const { readFileSync, readdirSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')

const ROOT = join(__dirname, '../../../..')
const OWN = '@boostercloud/stream'
process.env.BOOSTER_ENV ??= 'test'

for (const name of readdirSync(join(ROOT, 'packages'))) {
  const manifest = join(ROOT, 'packages', name, 'package.json')
  const { name: own, exports, dependencies, peerDependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  const load = createRequire(manifest)
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (!dependency.startsWith(OWN)) tryTo(() => load(dependency))
  }
  for (const entry of Object.keys(exports)) if (!entry.endsWith('.json')) tryTo(() => load(own + entry.slice(1)))
}
for (const name of ['mocha', 'fast-check', 'graphql', '@boostercloud/metadata-booster']) tryTo(() => require(name))
compile()
process.exit(0)

function compile() {
  const typescript = require('typescript')
  const { fileNames, options } = typescript.parseJsonConfigFileContent(
    { extends: '../../tsconfig.base.json', include: ['src/**/*.ts'] },
    typescript.sys,
    join(ROOT, 'packages/streamer-connector')
  )
  typescript.createProgram(fileNames, { ...options, noEmit: true }).getSemanticDiagnostics()
}

/** What cannot be loaded here is loaded as ever where it is needed. */
function tryTo(load) {
  try {
    load()
  } catch (error) {
    if (process.env.STREAMERS_CODE_CACHE_VERBOSE) console.error(error)
  }
}
