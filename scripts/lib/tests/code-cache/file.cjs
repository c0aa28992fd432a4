'use strict'
// The file of a code cache: the length of an index in so many digits, the index as JSON, and the code that it knows the places of.
const { openSync, readSync, statSync, writeFileSync } = require('node:fs')

const LENGTH_DIGITS = 12

/** Writes scripts by file name, and what requests were resolved to. */
exports.writeCodeFile = (file, scripts, resolved) => {
  const places = {}
  const parts = []
  let from = 0
  for (const [filename, script] of scripts) {
    const code = script.createCachedData()
    const { size, mtimeMs } = statSync(filename)
    places[filename] = { from, length: code.length, size, mtimeMs }
    parts.push(code)
    from += code.length
  }
  const index = Buffer.from(JSON.stringify({ places, resolved }))
  const length = Buffer.from(String(index.length).padStart(LENGTH_DIGITS))
  writeFileSync(file, Buffer.concat([length, index, ...parts]))
}

/** The index, and `codeAt`, which reads the code of a place. The file stays open, so that a new one of its name does no harm. */
exports.openCodeFile = (file) => {
  const opened = openSync(file, 'r')
  const bytes = (from, length) => {
    const buffer = Buffer.allocUnsafeSlow(length)
    readSync(opened, buffer, 0, length, from)
    return buffer
  }
  const length = Number(bytes(0, LENGTH_DIGITS))
  const index = JSON.parse(bytes(LENGTH_DIGITS, length))
  return { ...index, codeAt: (place) => bytes(LENGTH_DIGITS + length + place.from, place.length) }
}
