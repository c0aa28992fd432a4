import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Remains } from '@boostercloud/streamers/state'
import { Command } from 'commander'
import pc from 'picocolors'
import { confirmed } from '../../terminal/confirmed'
import { givenUp } from '../../kept/dead-letters'
import { environmentOption } from '../../terminal/environment'
import { withState } from '../../app/operated-app'
import type { OpenApp } from '../../app/operated-app'
import { counted, finish, print, printable } from '../../terminal/output'
import { parkedEvents } from '../../kept/parked'

/** Timers read at once. */
const PAGE = 1_000

/** `boost-streamers forget`. */
export function forgetCommand(): Command {
  return new Command('forget')
    .description(
      "remove an entity's events, such as a person's data, from parked events, dead letters and delayed events"
    )
    .requiredOption('--entity <id>', 'the id of the entity, which is the key of its events')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
It counts the events and asks before it removes them. It does not touch events of other keys, the event store or the
broker's topics. The inbox keeps what a handler registered only until it is stored. The removed bytes are overwritten,
and the command names the places that may still have some. It exits with 1 if it has to be run again.

Examples:
  $ boost-streamers forget --entity 0190b2f6-6f5e-7000-8000-000000000001
  $ boost-streamers forget --entity 0190b2f6-6f5e-7000-8000-000000000001 --yes`
    )
    .action(forget)
}

async function forget({
  entity,
  environment,
  yes,
}: {
  entity: string
  environment: string
  yes?: boolean
}): Promise<void> {
  const remains: Remains[] = []
  await withState(environment, async (app) => {
    const { state } = app
    let dead = 0
    for await (const one of givenUp(app)) if (one.direction === 'in' && one.letter.key === entity) dead += 1
    let waiting = 0
    for await (const { letter } of parkedEvents(app)) if (letter.key === entity) waiting += 1
    const delayed = await countTimers(state, entity)
    const question = `Remove ${counted(waiting, 'parked event')}, ${counted(dead, 'dead letter')} and ${counted(delayed, 'timer')} of ${printable(entity)} for good?`
    const asked = { yes, what: 'Forgetting removes events for good', at: 'forget' }
    if (waiting + dead + delayed > 0 && !(await confirmed(question, asked))) {
      await print('Nothing was removed.')
      return
    }
    const all = await state.forgetKey(entity)
    await state.commit([{ do: 'notify' }])
    const timers = Math.min(all, delayed)
    const parked = Math.max(0, all - timers - dead)
    const what = `${counted(parked, 'parked event')}, ${counted(all - timers - parked, 'dead letter')} and ${counted(timers, 'timer')}`
    await print(`${pc.green('✓')} ${what} of ${printable(entity)} removed`)
    remains.push(...((await state.shred?.()) ?? []), ...otherStates(app, environment))
  })
  for (const { what, hint } of remains) await print(`${pc.yellow('!')} ${printable(what)} ${printable(hint)}`)
  await finish(remains.some(({ again }) => again) ? 1 : 0)
}

async function countTimers(state: OpenApp['state'], key: string): Promise<number> {
  let count = 0
  for (let page = await state.dueTimers({ limit: PAGE, key }); page.length > 0;) {
    count += page.length
    page = page.length < PAGE ? [] : await state.dueTimers({ limit: PAGE, key, after: page[page.length - 1] })
  }
  return count
}

/** An app that has been given another place for its state has what it parked before in the old one. */
function otherStates({ state }: OpenApp, environment: string): Remains[] {
  const file = join(process.cwd(), '.booster', 'streamers', environment, 'state.sqlite')
  if (state.name === file || !existsSync(file)) return []
  return [
    {
      what: `${file} is the state that this app had before; it was not searched.`,
      hint: 'Delete its folder if you no longer need anything in it.',
      again: false,
    },
  ]
}
