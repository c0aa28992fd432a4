const paid = (fields: string): string => `import { UUID } from '@boostercloud/framework-types'

export class Paid {
  public static readonly eventType = 'com.acme.Paid'
  public constructor(${fields}) {}
  public entityID(): UUID {
    return this.id
  }
}
`

const handler = (from: string, name: string): string => `import { appendFileSync } from 'node:fs'
import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { Paid } from '../contracts/${from}'

@EventHandler({ eventType: Paid, streamedFrom: '${from}/payments' })
export class ${name} {
  public static async handle(event: Paid, register: Register): Promise<void> {
    void register
    if (!(event instanceof Paid)) throw new Error('It is no event of this class.')
    appendFileSync('seen', JSON.stringify({ by: '${name}', ...(event as object) }) + '\\n')
  }
}
`

/** A service that takes two kinds of events from two streamers; both are called Paid, and both have had other versions. */
export const MIGRATING_APP: Readonly<Record<string, string>> = {
  'src/config/config.ts': `import { Booster } from '@boostercloud/framework-core'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('local', (config) => {
  config.appName = 'ledger'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.streamers = { bank: LocalStreamer.with({ path: 'bank' }), till: LocalStreamer.with({ path: 'till' }) }
  const newerVersionLimitMs = Number(process.env.NEWER_LIMIT_MS ?? 600_000)
  config.streaming = { receiving: { newerVersionLimitMs, retry: { attempts: 2, firstDelayMs: 20, maxDelayMs: 100, jitter: 0 } } }
})
`,
  'src/index.ts': `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher } from '@boostercloud/framework-core'
export { streamingHealth } from '@boostercloud/streamers/runtime'

Booster.start(__dirname)
`,
  'src/contracts/bank.ts': paid('readonly id: UUID, readonly cents: number, readonly currency: string'),
  'src/contracts/till.ts': paid('readonly id: UUID, readonly pieces: number'),
  'src/migrations/bank.ts': `import { ToVersion } from '@boostercloud/framework-core'
import { SchemaMigration } from '@boostercloud/streamers'
import { Paid } from '../contracts/bank'

class PaidV1 {
  public constructor(readonly id: string, readonly euros: number) {}
}
class PaidV2 {
  public constructor(readonly id: string, readonly cents: number) {}
}

@SchemaMigration(Paid)
export class BankMigrations {
  @ToVersion(2, { fromSchema: PaidV1, toSchema: PaidV2 })
  public async toCents(old: PaidV1): Promise<PaidV2> {
    return new PaidV2(old.id, old.euros * 100)
  }
  @ToVersion(3, { fromSchema: PaidV2, toSchema: Paid })
  public async withCurrency(old: PaidV2): Promise<Paid> {
    return new Paid(old.id, old.cents, 'EUR')
  }
}
`,
  'src/migrations/till.ts': `import { ToVersion } from '@boostercloud/framework-core'
import { SchemaMigration } from '@boostercloud/streamers'
import { Paid } from '../contracts/till'

class PaidV1 {
  public constructor(readonly id: string, readonly coins: number) {}
}

@SchemaMigration(Paid)
export class TillMigrations {
  @ToVersion(2, { fromSchema: PaidV1, toSchema: Paid })
  public async toPieces(old: PaidV1): Promise<Paid> {
    return new Paid(old.id, old.coins)
  }
}
`,
  'src/handlers/bank.ts': handler('bank', 'BankPaid'),
  'src/handlers/till.ts': handler('till', 'TillPaid'),
}
