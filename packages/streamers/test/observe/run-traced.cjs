// Starts the app in the working directory in a process that traces, sends one command in a span, and prints each span that ends, and the health.
const { createServer } = require('node:net')
const path = require('node:path')
const { context, trace } = require('@opentelemetry/api')
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks')
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base')

const say = (word, what) => process.stdout.write(`${word} ${JSON.stringify(what)}\n`)
const exporter = {
  export(spans, done) {
    for (const span of spans) {
      say('SPAN', {
        name: span.name,
        traceId: span.spanContext().traceId,
        id: span.spanContext().spanId,
        parent: span.parentSpanContext?.spanId,
      })
    }
    done({ code: 0 })
  },
  shutdown: async () => undefined,
}
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

const { Booster, boosterServeGraphQL } = require(path.join(process.cwd(), 'dist', 'index.js'))

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
  const query = `mutation { CreatePost(input: { postId: "${process.argv[2]}" }) }`
  await trace.getTracer('test').startActiveSpan('command', async (span) => {
    say('ANSWER', await boosterServeGraphQL({ method: 'POST', headers: {}, body: { query } }))
    span.end()
  })
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/sensor/health/`).catch(() => undefined)
    if (response) return say('HEALTH', await response.json())
  }
}

main().catch((error) => {
  say('FAILED', error.stack)
  process.exitCode = 1
})
