'use strict'
// Loads what the tests load of `node_modules`: what the packages depend on, and has the compiler compile something.
const { readFileSync, readdirSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')

const ROOT = join(__dirname, '../../../..')
const OWN = '@boostercloud/stream'
process.env.BOOSTER_ENV ??= 'test'

for (const name of readdirSync(join(ROOT, 'packages'))) {
  const manifest = join(ROOT, 'packages', name, 'package.json')
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  const load = createRequire(manifest)
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (!dependency.startsWith(OWN)) tryTo(() => load(dependency))
  }
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
