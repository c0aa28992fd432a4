import { Client } from 'pg'

/** Connects until no more connections are to be had. */
export async function takeAll(url: string, taken: Client[]): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      taken.push(client)
    } catch {
      return
    }
  }
}
