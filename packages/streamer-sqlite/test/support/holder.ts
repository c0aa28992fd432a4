import { lockExclusively } from '../../src'

/** Takes a lock and keeps it until it is killed: `holder.ts PATH`. */
async function main([path]: string[]): Promise<void> {
  await lockExclusively(path, { holder: 'the other service' })
  process.stdout.write('held\n')
  setInterval(() => undefined, 1000)
}

void main(process.argv.slice(2))
