import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { BoosterApp } from '../support/booster-app'
import { eventually } from '../support/eventually'
import { MIGRATING_APP } from './migrating-app'

/** An event as a producer in another service publishes it. */
interface Published {
  readonly streamer: 'bank' | 'till'
  readonly key: string
  readonly version?: number
  readonly fields: object
}

/** What the handlers of the app have written down. */
type Seen = Readonly<Record<string, unknown>> & { readonly by: string }

describe('an event of another version than the service knows', function () {
  this.timeout(180_000)

  /** Runs the app, publishes to it, and hands over what its handlers see and what it says of its health. */
  async function withApp(
    files: Readonly<Record<string, string>>,
    test: (app: {
      publish: (...events: readonly Published[]) => Promise<void>
      seen: () => Seen[]
      health: () => { links: readonly Readonly<Record<string, unknown>>[]; healthy: boolean } | undefined
      said: readonly string[]
    }) => Promise<void>,
    env: Readonly<Record<string, string>> = {}
  ): Promise<void> {
    const app = await BoosterApp.build({ ...MIGRATING_APP, ...files })
    const said: string[] = []
    try {
      await app.run(join(__dirname, 'run-migrating.cjs'), [JSON.stringify(env)], (line) => said.push(line))
      await test({
        publish: (...events) => publishTo(app.folder, events),
        seen: () => {
          const file = join(app.folder, 'seen')
          if (!existsSync(file)) return []
          const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
          return lines.map((line) => JSON.parse(line) as Seen)
        },
        health: () => {
          const last = said.filter((line) => line.startsWith('HEALTH ')).at(-1)
          return last === undefined ? undefined : JSON.parse(last.slice(7))
        },
        said,
      })
    } finally {
      await app.remove()
    }
  }

  it('arrives migrated, each class of one name by its own migrations', async () => {
    await withApp({}, async ({ publish, seen, said }) => {
      await publish(
        { streamer: 'bank', key: 'a', version: 1, fields: { id: 'a', euros: 3 } },
        { streamer: 'bank', key: 'b', fields: { id: 'b', euros: 4 } },
        { streamer: 'bank', key: 'c', version: 3, fields: { id: 'c', cents: 500, currency: 'USD' } },
        { streamer: 'till', key: 'd', version: 1, fields: { id: 'd', coins: 2 } },
        { streamer: 'till', key: 'e', version: 2, fields: { id: 'e', pieces: 7 } }
      )
      await eventually(
        () => seen().length >= 5,
        () => said.slice(-20),
        60_000
      )
      const byId = [...seen()].sort((one, other) => String(one.id).localeCompare(String(other.id)))
      expect(byId).to.deep.equal([
        { by: 'BankPaid', id: 'a', cents: 300, currency: 'EUR' },
        { by: 'BankPaid', id: 'b', cents: 400, currency: 'EUR' },
        { by: 'BankPaid', id: 'c', cents: 500, currency: 'USD' },
        { by: 'TillPaid', id: 'd', pieces: 2 },
        { by: 'TillPaid', id: 'e', pieces: 7 },
      ])
    })
  })

  it('waits in the park and is shown as unhealthy where it is newer, and others go on', async () => {
    await withApp({}, async ({ publish, seen, health, said }) => {
      await publish(
        { streamer: 'till', key: 'a', version: 3, fields: { id: 'new', pieces: 1 } },
        { streamer: 'till', key: 'a', version: 2, fields: { id: 'behind', pieces: 1 } },
        { streamer: 'till', key: 'b', version: 2, fields: { id: 'other', pieces: 1 } }
      )
      const till = () => health()?.links.find(({ handler }) => handler === 'TillPaid')
      await eventually(
        () => seen().length > 0 && till()?.problem === 'newer-version' && till()?.parked === 2,
        () => [till(), ...said.slice(-20)],
        60_000
      )
      expect(seen().map(({ id }) => id)).to.deep.equal(['other'])
      expect(health()?.healthy).to.equal(false)
      expect(till()).to.deep.include({ parked: 2, deadLetters: 0 })
    })
  })

  it('becomes a dead letter when it has waited for too long', async () => {
    await withApp(
      {},
      async ({ publish, health, said }) => {
        await publish({ streamer: 'till', key: 'a', version: 3, fields: { id: 'new', pieces: 1 } })
        const till = () => health()?.links.find(({ handler }) => handler === 'TillPaid')
        await eventually(
          () => till()?.deadLetters === 1,
          () => [till(), ...said.slice(-20)],
          60_000
        )
      },
      { NEWER_LIMIT_MS: '300' }
    )
  })

  it('reaches handlers by its own migrations also where the app has another event of that name, whichever is known first', async () => {
    const own = `import { ToVersion } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { Event, SchemaMigration } from '@boostercloud/streamers'

@Event
export class Paid {
  public constructor(readonly id: UUID, readonly by: string) {}
  public entityID(): UUID {
    return this.id
  }
}
class PaidV1 {
  public constructor(readonly id: string) {}
}
@SchemaMigration(Paid)
export class OwnMigrations {
  @ToVersion(2, { fromSchema: PaidV1, toSchema: Paid })
  public async withPayer(old: PaidV1): Promise<Paid> {
    return new Paid(old.id, 'somebody')
  }
}
`
    await withApp({ 'src/zz-after/paid.ts': own }, async ({ publish, seen, said }) => {
      await publish(
        { streamer: 'bank', key: 'a', version: 1, fields: { id: 'a', euros: 3 } },
        { streamer: 'till', key: 'd', version: 1, fields: { id: 'd', coins: 2 } }
      )
      await eventually(
        () => seen().length >= 2,
        () => said.slice(-20),
        60_000
      )
      expect(seen()).to.have.deep.members([
        { by: 'BankPaid', id: 'a', cents: 300, currency: 'EUR' },
        { by: 'TillPaid', id: 'd', pieces: 2 },
      ])
    })
  })

  /** What an app says that does not start, with another text in the place of one in the migrations of the bank. */
  async function refusal(from: string, to: string): Promise<string> {
    const file = 'src/migrations/bank.ts'
    expect(MIGRATING_APP[file]).to.contain(from)
    let words = ''
    await withApp({ [file]: MIGRATING_APP[file].replace(from, to) }, async ({ said }) => {
      await eventually(
        () => said.some((line) => line.includes('MIGRATION_GAP')),
        () => said.slice(-20),
        60_000
      )
      words = said.find((line) => line.includes('MIGRATION_GAP')) ?? ''
    })
    return words
  }

  it('stops the service at boot where a migration between two others is missing', async () => {
    const words = await refusal('@ToVersion(3, {', '@ToVersion(4, {')
    expect(words).to.contain('Paid has a migration to version 4, but none to version 3.')
    expect(words).to.contain('class BankMigrations, withCurrency').and.contain('@ToVersion(3, …)')
  })

  it('stops the service at boot where migrations end before the class', async () => {
    const last = MIGRATING_APP['src/migrations/bank.ts'].split('\n').slice(-6, -2).join('\n')
    const words = await refusal(last, '')
    expect(words).to.contain(
      'The last migration of Paid, to version 2, ends with PaidV2, which has other fields than Paid.'
    )
    expect(words).to.contain('class BankMigrations, toCents').and.contain('@ToVersion(3, …)')
  })

  it('stops the service at boot where a migration comes from a version beyond the one before', async () => {
    const step = (from: string): string =>
      `fromSchema: ${from}, toSchema: Paid })\n  public async withCurrency(old: ${from})`
    const words = await refusal(step('PaidV2'), step('Paid'))
    expect(words).to.contain(
      'The migration of Paid to version 3 begins with Paid, and the one before ends with PaidV2.'
    )
  })

  it("stops the service where Booster's own decorator cannot tell whose migrations they are", async () => {
    const file = 'src/migrations/till.ts'
    const unclear = MIGRATING_APP[file].replace(
      "import { SchemaMigration } from '@boostercloud/streamers'",
      "import { SchemaMigration } from '@boostercloud/framework-core'"
    )
    const without = { 'src/migrations/bank.ts': '', [file]: unclear }
    await withApp(without, async ({ said }) => {
      await eventually(
        () => said.some((line) => line.includes('DECLARATION_CONFLICT')),
        () => said.slice(-20),
        60_000
      )
      expect(said.join('\n')).to.contain('Paid').and.contain("SchemaMigration from '@boostercloud/streamers'")
    })
  })
})

async function publishTo(folder: string, events: readonly Published[]): Promise<void> {
  for (const { streamer: id, key, version, fields } of events) {
    const streamer = LocalStreamer.with({ path: join(folder, id) })
    const event = withMetadata({ ...fields }, { type: 'com.acme.Paid', source: 'elsewhere', key, version })
    await streamer.publish([event as never], 'payments')
    await streamer.close()
  }
}
