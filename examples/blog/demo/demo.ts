import { setTimeout as pause } from 'node:timers/promises'
import type { ChildProcess } from '../../support/child-process'
import type { Journey } from '../../support/journey'
import { freePorts } from '../../support/free-ports'
import { startService } from '../../support/services'
import { waitFor } from '../../support/wait-for'
import { checkAll, isComplete, isExact } from './checks'
import type { Check, System } from './checks'
import { startDigest } from './digest'
import { Journeys, waysWith } from './journeys'
import { LAKE, startLake } from './lake'
import { createPost, readPosts } from './posts'
import type { Post } from './posts'
import { startReaders } from './readers'
import type { Readers } from './readers'
import { showHints, showJourney, showLake, showServices, showSummary, showTitle } from './show'
import { setStage } from './stage'
import type { Stage } from './stage'
import type { StreamerName } from './streamers'

/** How long the next post waits for the one before, so that each is seen on its way alone. */
const ONE_POST_LIMIT_MS = 1_000
/** How long the last post may take to arrive everywhere. */
const ARRIVAL_LIMIT_MS = 30_000

/** How the demo runs. */
export interface DemoOptions {
  /** Whether it ends when every post has arrived; else it goes on until `signal` is aborted. */
  readonly once: boolean
  /** How many are created; as many as there are in posts.txt by default. */
  readonly posts?: number
  readonly streamer: StreamerName
  /** Whether all events are recorded into the event lake of the example. */
  readonly lake?: boolean
  readonly signal: AbortSignal
}

interface Running {
  readonly urls: Readonly<Record<string, string>>
  readonly system: System
}

interface Start {
  readonly stage: Stage
  /** What is started is added, so that it can be stopped. */
  readonly started: ChildProcess[]
  readonly signal: AbortSignal
  readonly onJourney: (journey: Journey) => void
}

/**
 * The demo: starts everything, creates the posts, shows their ways. Resolves with whether each post was seen exactly once everywhere. Whatever it started is
 * stopped when it settles.
 */
export async function runDemo({
  once,
  posts: count,
  streamer,
  lake,
  signal: interrupted,
}: DemoOptions): Promise<boolean> {
  const end = new AbortController()
  const signal = AbortSignal.any([interrupted, end.signal])
  const posts = readPosts(count)
  const stage = await setStage(streamer)
  const journeys = new Journeys(waysWith(stage.programs))
  const started: ChildProcess[] = []
  try {
    signal.throwIfAborted()
    const running = await startSystem({ stage, started, signal, onJourney: showing(posts, journeys) })
    if (lake) await startLake(stage.workspace, started)
    const failed = Promise.race(started.map((process) => process.failed))
    const checks = await Promise.race([sendPosts({ running, posts, journeys, signal }), failed])
    showSummary(checks, journeys)
    if (lake) showLake(LAKE)
    if (!once) {
      showHints(running.urls)
      await Promise.race([aborted(signal), failed])
    }
    return checks.every(isExact)
  } finally {
    end.abort()
    await Promise.all(started.map((process) => process.stop()))
    await stage.clear()
  }
}

/** Starts everything at the same time, each service with two ports of its own. */
async function startSystem({ stage, started, signal, onJourney }: Start): Promise<Running> {
  const { services, programs, workspace } = stage
  showTitle('Services')
  if (programs.digest) started.push(startDigest({ workspace, onJourney }))
  let readers: Readers | undefined
  if (programs.readers) {
    readers = startReaders(programs.readers, { workspace, onJourney })
    started.push(readers)
  }
  const ports = await freePorts(2 * services.length)
  const starts = await Promise.allSettled(
    services.map(async (name, i) => {
      const [port, webSocketPort] = ports.slice(2 * i)
      const service = await startService(name, { workspace, port, webSocketPort, onJourney, signal })
      started.push(service)
      return [name, service.url] as const
    })
  )
  const urls: Record<string, string> = {}
  for (const start of starts) {
    if (start.status === 'rejected') throw start.reason
    urls[start.value[0]] = start.value[1]
  }
  if (readers) await Promise.race([readers.listening, readers.failed])
  showServices(urls)
  const { newsletter, audit, reactions } = urls
  const digestFile = programs.digest ? workspace.digest : undefined
  return { urls, system: { newsletter, audit, reactions, digestFile, readers } }
}

interface Sending {
  readonly running: Running
  readonly posts: readonly Post[]
  readonly journeys: Journeys
  readonly signal: AbortSignal
}

/** Creates the posts one after the other, waits until each has arrived everywhere, and asks how often. */
async function sendPosts({ running: { urls, system }, posts, journeys, signal }: Sending): Promise<Check[]> {
  showTitle(`${posts.length} posts`)
  for (const post of posts) {
    signal.throwIfAborted()
    const whole = journeys.whole(post.postId)
    await createPost(urls.blog, post)
    await Promise.race([whole, pause(ONE_POST_LIMIT_MS, undefined, { ref: false })])
  }
  let checks: Check[] = []
  const complete = async (): Promise<boolean> => {
    checks = await checkAll(system, posts)
    return checks.every(isComplete)
  }
  await waitFor('every post to arrive', complete, { limitMs: ARRIVAL_LIMIT_MS, everyMs: 200, signal }).catch(
    (error: unknown) => {
      if (signal.aborted || checks.length === 0) throw error
    }
  )
  return checks
}

function showing(posts: readonly Post[], journeys: Journeys): (journey: Journey) => void {
  const titles = new Map(posts.map(({ postId, title }) => [postId, title]))
  return (journey) => {
    journeys.add(journey)
    showJourney(journey, titles.get(journey.subject) ?? journey.subject)
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
