import { Command } from 'commander'
import { environmentOption } from '../../terminal/environment'
import { finish, json, print, printable } from '../../terminal/output'
import { withStore } from '../../app/sql-store'
import type { StoreFacts } from '../../app/sql-store'

/** `boost-streamers store info`. */
export function infoCommand(): Command {
  return new Command('info')
    .description('show where the store is, and how much it holds')
    .option('--json', 'one JSON object')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers store info
  $ boost-streamers store info --json`
    )
    .action(info)
}

async function info({ environment, json: asJson }: { environment: string; json?: boolean }): Promise<void> {
  await withStore(environment, async (store) => {
    const facts = await store.info()
    for (const line of asJson ? [json(facts)] : linesOf(facts)) await print(line)
  })
  await finish()
}

function linesOf({
  name,
  events,
  entities,
  newest,
  readModels,
  waiting,
  failing,
  pending,
  parked,
}: StoreFacts): string[] {
  const models = Object.entries(readModels).map(([type, count]) => `${type} ${count}`)
  return [
    `store        ${name}`,
    `events       ${events} of ${entities} entities, the newest ${newest ?? '-'}`,
    `read models  ${models.length > 0 ? models.join(', ') : 'none'}`,
    `waiting      ${waiting} entities with events that are not dispatched`,
    `pending      ${pending} events that a broker has not confirmed`,
    `parked       ${parked} events that wait for a later try, dead letters included`,
    ...failing.map(
      ({ type, id, attempts, failure }) =>
        `failing      ${type} ${id}, ${attempts === 1 ? 'failed once' : `failed ${attempts} times`}: ${failure}`
    ),
  ].map(printable)
}
