import { openSqlite } from '../../src'
import { INSERT, NOTES } from './notes'

/** Writes numbers under a name and says each when it is durable: `writer.ts PATH NAME COUNT`. */
async function main([path, name, count]: string[]): Promise<void> {
  const file = await openSqlite({ path, applicationId: 77, migrations: NOTES, purpose: 'the notes' })
  let n = 0
  const next = async (): Promise<void> => {
    while (n < Number(count)) {
      const mine = n++
      await file.write(({ run }) => run(INSERT, name, mine))
      process.stdout.write(`${mine}\n`)
    }
  }
  await Promise.all([next(), next(), next()])
  await file.close()
}

void main(process.argv.slice(2))
