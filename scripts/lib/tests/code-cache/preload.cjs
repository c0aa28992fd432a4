'use strict'
/*
 * Has packages loaded as an earlier process compiled them. `node --require` puts it before everything else in every process of a run of tests. What is
 * loaded, and how it works, stays the same: the text of each file is read as ever. The processes of a run rely on `node_modules` staying as it is. A built
 * file of our own packages that has changed since is compiled as ever, and so are all of them under tsx, where stack traces show the sources.
 */
const { existsSync, readFileSync, statSync } = require('node:fs')
const Module = require('node:module')
const { dirname, sep } = require('node:path')
const vm = require('node:vm')
const { openCodeFile, writeCodeFile } = require('./file.cjs')

const {
  STREAMERS_CODE_CACHE: file,
  STREAMERS_CODE_CACHE_OF: folder,
  STREAMERS_CODE_CACHE_OWN: ownFolder,
  STREAMERS_CODE_CACHE_RECORD: isRecorded,
} = process.env
const HEAD = '(function (exports, require, module, __filename, __dirname) { '
const TAIL = '\n})'
/** TypeScript, as a library and as a command. */
const COMPILER = /[\\/]typescript[\\/]lib[\\/](?:typescript|tsc)\.js$/
/** What is loaded as compiled before cannot import by itself: Node forgets who may. TypeScript only has the words. */
const IMPORTS = /\bimport\s*\(/

const isOwn = (filename) => filename.startsWith(ownFolder) && filename.includes(`${sep}dist${sep}`)
const isOurs = (filename) => filename.startsWith(folder) || isOwn(filename)

if (isRecorded) hook(recorded())
else if (file && existsSync(file)) hook(kept())

/** Everything, which is written at the end of this process. */
function recorded() {
  const scripts = new Map()
  const resolved = {}
  process.once('exit', () => writeCodeFile(file, scripts, resolved))
  return {
    holds: () => true,
    scriptOf: (source, options) => {
      const script = new vm.Script(source, options)
      scripts.set(options.filename, script)
      return script
    },
    resolve: (key, find) => {
      const found = find()
      if (isOurs(found)) resolved[key] = found
      return found
    },
  }
}

/** What was written. It is opened for the first package that is loaded: many processes load none. */
function kept() {
  let opened
  const open = () => (opened ??= openCodeFile(file))
  const unchanged = new Map()
  const isUnchanged = (filename) => {
    const known = unchanged.get(filename) ?? isAsIn(open().places[filename], filename)
    unchanged.set(filename, known)
    return known
  }
  const holds = (filename) => filename in open().places && (!isOwn(filename) || (!hasTsx() && isUnchanged(filename)))
  return {
    holds,
    scriptOf: (source, options) => {
      const { places, codeAt } = open()
      return new vm.Script(source, { ...options, cachedData: codeAt(places[options.filename]) })
    },
    resolve: (key, find) => {
      const found = open().resolved[key]
      return found !== undefined && (!isOwn(found) || holds(found)) ? found : find()
    },
  }
}

function isAsIn({ size, mtimeMs }, filename) {
  const now = statSync(filename, { throwIfNoEntry: false })
  return now?.size === size && now.mtimeMs === mtimeMs
}

function hasTsx() {
  return '.ts' in Module._extensions
}

function hook({ holds, scriptOf, resolve }) {
  const isHeld = (filename) => isOurs(filename) && holds(filename)
  const { _compile: compile } = Module.prototype

  Module.prototype._compile = function (content, filename, ...rest) {
    const compiled = this.id !== '.' && rest[0] !== 'module' && isHeld(filename) && compiledOf(content, filename)
    if (!isRecorded && COMPILER.test(filename)) optimizeLate()
    if (!compiled) return compile.call(this, content, filename, ...rest)
    return compiled.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename))
  }

  function compiledOf(content, filename) {
    if (IMPORTS.test(content) && !COMPILER.test(filename)) return undefined
    const text = content.startsWith('#!') ? content.replace(/^#!.*/, '') : content
    const options = {
      filename,
      columnOffset: -HEAD.length,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }
    try {
      return scriptOf(HEAD + text + TAIL, options).runInThisContext()
    } catch (error) {
      // Node knows what to make of it: an ES module perhaps.
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  // What one of these packages asks for is where it was, as long as nobody says where to look for it.
  stayBefore(Module, '_resolveFilename', (next) => {
    return function (request, parent, isMain, options) {
      const find = () => next.call(this, request, parent, isMain, options)
      const { filename } = parent ?? {}
      if (options !== undefined || typeof filename !== 'string' || !isOurs(filename)) return find()
      return resolve(`${parent.path}\0${request}`, find)
    }
  })

  // What was compiled is no ES module, and no TypeScript: the package it belongs to need not be looked for to know that.
  if (isRecorded) return
  stayBefore(Module._extensions, '.js', (next) => {
    return (module, filename) => {
      if (!isHeld(filename)) return next(module, filename)
      module._compile(readFileSync(filename, 'utf8'), filename)
    }
  })
}

/** Puts a function before the one that an object has by a name, and before every other that is put in its place later, as tsx does. */
function stayBefore(object, name, around) {
  let current = around(object[name])
  Object.defineProperty(object, name, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (next) => (current = around(next)),
  })
}

/** A compiler's run ends before what V8 spends on its best code has paid: a simple compiler first, and the best one for what runs six times as long. */
function optimizeLate() {
  const { setFlagsFromString } = require('node:v8')
  setFlagsFromString('--sparkplug')
  setFlagsFromString('--interrupt-budget=400000')
}

/** The `require` of a module, as Node makes it. */
function requireOf(module) {
  const require = (id) => module.require(id)
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options)
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module)
  require.main = process.mainModule
  require.extensions = Module._extensions
  require.cache = Module._cache
  return require
}
