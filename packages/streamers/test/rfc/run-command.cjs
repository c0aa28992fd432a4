// Starts the app in the working directory and sends one command; what its logger says goes to stdout.
const { createServer } = require('node:net')
const path = require('node:path')
const { Booster } = require(path.join(process.cwd(), 'dist', 'index.js'))
const [postId, title] = process.argv.slice(2)

const say = (...words) => process.stdout.write(words.map(String).join(' ') + '\n')
Booster.config.logger = { debug: say, info: say, warn: say, error: say }

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

async function main() {
  const port = await freePort()
  await Booster.config.provider.infrastructure().start(Booster.config, port)
  const query = `mutation { CreatePost(input: { postId: "${postId}", title: "${title}" }) }`
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }).catch(() => undefined)
    if (!response) continue
    say(await response.text())
    return
  }
}

main().catch((error) => {
  say('FAILED', error.stack)
  process.exitCode = 1
})
