import { parseArgs } from 'node:util'
import { local } from '../streamers'
import { checkLake, isGoodLake, lakeSummary } from './check'
import { LAKE_MUTANTS, isLakeMutantCaught } from './mutants'
import { folderOf, runLakeChaos } from './run'
import { lakeScheduleOf } from './schedule'
import { LAKE_STREAMERS, recordedStreamer } from './streamers'

const HELP = `npm run chaos -- --lake [options]

Kills two recorders and a compaction of an event lake at every failpoint and at random instants, while a publisher publishes and a reader
follows. A broker suffers too. Checks that the lake has every event once, and that the reader saw each one once, in the order of its partition.
Its notes are kept in reports/chaos/lake-STREAMER-PLACE-SEED.

  --streamer NAME    what is recorded: ${LAKE_STREAMERS.map(({ name }) => name).join(', ')} (default: ${local.name})
  --s3               the lake is in a bucket (Moto), not in a folder
  --kills N          how often something is killed (default: 100)
  --seed N           the first seed (default: 1)
  --seeds N          how many seeds are run, one after another (default: 3)
  --dry-run          print the schedule, and run nothing
  --mutants          run with each guarantee broken in turn: ends with 0 only if each is caught
  --help             this

Examples
  npm run chaos -- --lake
  npm run chaos -- --lake --streamer kafka --s3 --kills 40 --seed 7 --seeds 1
`
const DETAILS = 20

/** The chaos of a lake. Resolves with whether all went well. */
export async function lakeMain(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      lake: { type: 'boolean' },
      streamer: { type: 'string', default: local.name },
      s3: { type: 'boolean', default: false },
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '3' },
      mutants: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  if (values.mutants) return catchMutants()
  const streamer = recordedStreamer(values.streamer)
  const [kills, first, seeds] = [values.kills, values.seed, values.seeds].map(wholeNumber)
  let isFine = true
  for (let seed = first; seed < first + seeds; seed += 1) {
    const run = { streamer, s3: values.s3, seed, kills }
    if (values['dry-run']) {
      say(
        lakeScheduleOf({ ...run, server: streamer.server?.faults ?? [] })
          .map((one) => JSON.stringify(one))
          .join('\n')
      )
      continue
    }
    isFine = (await judged(run)) && isFine
  }
  return isFine
}

async function judged(run: Omit<Parameters<typeof runLakeChaos>[0], 'say'>): Promise<boolean> {
  const begun = Date.now()
  const progress = (line: string): void =>
    void say(`${((Date.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${line}`)
  const history = await runLakeChaos({ ...run, say: progress })
  const verdict = checkLake(history)
  progress(`the notes are in ${folderOf(run)}`)
  say(`${run.streamer.name}, seed ${run.seed}: ${lakeSummary(verdict, history)}`)
  for (const wrong of Object.values(verdict).flat().slice(0, DETAILS)) say(`  ${wrong}`)
  return isGoodLake(verdict)
}

async function catchMutants(): Promise<boolean> {
  let caught = 0
  for (const mutant of LAKE_MUTANTS) {
    const isCaught = await isLakeMutantCaught(mutant)
    if (isCaught) caught += 1
    say(`${isCaught ? 'caught    ' : 'NOT CAUGHT'}  ${mutant.name}`)
  }
  return caught === LAKE_MUTANTS.length
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new Error(`A whole number from 0 is needed, not '${text}'.`)
  return number
}

function say(text: string): true {
  process.stdout.write(`${text}\n`)
  return true
}
