import { local } from '../streamers'
import { checkLake } from './check'
import type { LakeVerdict } from './check'
import { runLakeChaos } from './run'

/** A lake with one guarantee broken, and what must show it. */
export interface LakeMutant {
  readonly name: string
  readonly shows: keyof LakeVerdict
}

/** What mutants.cjs knows. */
export const LAKE_MUTANTS: readonly LakeMutant[] = [
  { name: 'compaction-forgets-a-segment', shows: 'lost' },
  { name: 'known-is-recorded-again', shows: 'doubled' },
  { name: 'draft-is-lost', shows: 'faults' },
]

const KILLS = 3

/** Whether a short run shows what a mutant breaks. */
export async function isLakeMutantCaught({ name, shows }: LakeMutant): Promise<boolean> {
  const streamer = { ...local, stallMs: 4_000 }
  const run = { streamer, s3: false, seed: 1, kills: KILLS, mutant: name, say: () => undefined }
  const history = await runLakeChaos(run)
  return checkLake(history)[shows].length > 0
}
