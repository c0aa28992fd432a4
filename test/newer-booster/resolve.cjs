// Loaded before a program, this gives it the types and the local provider of Booster 4 from the folder NEWER_BOOSTER, and all else from this repository. What it gave is written down, a line each time one is first asked for, in the file NEWER_BOOSTER_SEEN.
const { appendFileSync } = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')

const { NEWER_BOOSTER, NEWER_BOOSTER_SEEN } = process.env
const NEWER = /^@boostercloud\/framework-(types|provider-local)(?=\/|$)/
const OTHERS = /^@boostercloud\//
const resolveFilename = Module._resolveFilename
const seen = new Set()

const from = (folder) => ({ id: folder, filename: join(folder, 'index.js'), paths: Module._nodeModulePaths(folder) })
const newer = from(NEWER_BOOSTER)
const ours = from(join(__dirname, '..', '..'))

Module._resolveFilename = function (request, parent, ...rest) {
  const found = (asker) => resolveFilename.call(this, request, asker, ...rest)
  const [name] = NEWER.exec(request) ?? []
  if (name) {
    note(name)
    return found(newer)
  }
  return parent?.filename?.startsWith(NEWER_BOOSTER) ? foundByNewer(request, parent, found) : found(parent)
}

function note(name) {
  if (!seen.has(name)) appendFileSync(NEWER_BOOSTER_SEEN, `${name}\n`)
  seen.add(name)
}

function foundByNewer(request, parent, found) {
  if (OTHERS.test(request)) return found(ours)
  try {
    return found(parent)
  } catch (error) {
    // The provider asks for express without saying so in its package.json; in an app, the infrastructure brings it.
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    return found(ours)
  }
}
