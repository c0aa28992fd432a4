import type { OpenApp } from './operated-app'

/** A link of the app, and how it is. */
export interface LinkState {
  readonly address: string
  readonly handler: string
  /** The event class's name; undefined: every event of the address. */
  readonly type?: string
  readonly paused: boolean
  /** Events that wait in the park. */
  readonly parked: number
  readonly deadLetters: number
  /** How far the address is settled for it; undefined where the broker keeps that, or nothing was settled yet. */
  readonly position?: string
  /** Paused or with dead letters, but no longer in the code. */
  readonly gone: boolean
}

const PAGE = 500

/** Every link of the app, and those that it had and that have left something behind. */
export async function linkStates({ config, state, streamers }: OpenApp): Promise<LinkState[]> {
  const dead = await deadLetters(state)
  const paused = new Set((await state.pausedLinks()).map(({ address, handler }) => nameOf(address, handler)))
  const links = streamers.linksOf(config)
  const known = new Set(links.map(({ address, handler }) => nameOf(address, handler)))
  const gone = [...new Set([...dead.keys(), ...paused])].filter((name) => !known.has(name)).map(linkNamed)
  const states: LinkState[] = []
  for (const { address, handler, typeName, positionName } of [...links, ...gone]) {
    const name = nameOf(address, handler)
    const { all, holding } = dead.get(name) ?? { all: 0, holding: 0 }
    const lanes = (await state.parkedLanes(address)).filter((lane) => lane.handler === handler)
    states.push({
      address,
      handler,
      type: typeName,
      paused: paused.has(name),
      parked: lanes.reduce((sum, lane) => sum + lane.parked, 0) - holding,
      deadLetters: all,
      position: await state.position(positionName),
      gone: !known.has(name),
    })
  }
  return states
}

/** Dead letters by link, and those among them that hold their key back. */
async function deadLetters(state: OpenApp['state']): Promise<Map<string, { all: number; holding: number }>> {
  const counts = new Map<string, { all: number; holding: number }>()
  let after = 0
  for (;;) {
    const letters = await state.deadLetters(PAGE, after)
    for (const { address, handler, holds } of letters.filter((letter) => letter.handler !== '')) {
      const { all, holding } = counts.get(nameOf(address, handler)) ?? { all: 0, holding: 0 }
      counts.set(nameOf(address, handler), { all: all + 1, holding: holding + (holds ? 1 : 0) })
    }
    if (letters.length < PAGE) return counts
    after = letters[letters.length - 1].place ?? after
  }
}

function nameOf(address: string, handler: string): string {
  return JSON.stringify([address, handler])
}

function linkNamed(name: string): { address: string; handler: string; typeName?: string; positionName: string } {
  const [address, handler] = JSON.parse(name) as [string, string]
  return { address, handler, positionName: address }
}
