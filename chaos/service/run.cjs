// Runs the Booster service of the working directory, and tells whoever started it when it is up.
const path = require('node:path')
const { Booster } = require(path.join(process.cwd(), 'dist', 'index.js'))

Booster.config.provider
  .infrastructure()
  .start(Booster.config, Number(process.argv[2]))
  .then(
    () => process.send({ up: true }),
    (error) => {
      console.error(error)
      process.exit(1)
    }
  )
