import { startServer } from '../src'

startServer('postgres', { ways: ['installed', 'fetched'] }).then(
  ({ url }) => process.stdout.write(url),
  (error: unknown) => {
    process.stderr.write(String(error))
    process.exit(1)
  }
)
setInterval(() => undefined, 1_000)
