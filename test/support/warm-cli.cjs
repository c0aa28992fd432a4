// The command line, for one command after another in one process: what it has read of packages and of the compiler's own files stays read.
process.env.NO_COLOR = '1'
const { main } = require('../../packages/streamers-cli/dist/index.js')

process.stdout.setMaxListeners(0)

process.on('message', ({ args, cwd }) => {
  const said = { output: '', out: '', err: '' }
  let code
  const writeTo =
    (stream) =>
    (text, ...rest) => {
      said.output += text
      said[stream] += text
      rest.find((one) => typeof one === 'function')?.()
      return true
    }
  const [out, err, exit] = [process.stdout.write, process.stderr.write, process.exit]
  Object.assign(process.stdout, { write: writeTo('out') })
  Object.assign(process.stderr, { write: writeTo('err') })
  // Each command ends with it: nothing is done after that.
  process.exit = (by = 0) => (code ??= by)
  process.chdir(cwd)
  main(['node', 'boost-streamers', ...args]).finally(() => {
    Object.assign(process.stdout, { write: out })
    Object.assign(process.stderr, { write: err })
    process.exit = exit
    process.send({ code: code ?? 0, ...said })
  })
})
