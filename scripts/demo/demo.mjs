import { setTimeout as pause } from 'node:timers/promises'
import { checkAll, isComplete, isExact } from './checks.mjs'
import { Journeys, waysWith } from './journeys.mjs'
import { freePorts } from './ports.mjs'
import { createPost, readPosts } from './posts.mjs'
import { startReaders } from './readers.mjs'
import { startDigest, startService } from './services.mjs'
import { showHints, showJourney, showServices, showSummary, showTitle } from './show.mjs'
import { setStage } from './stage.mjs'
import { waitFor } from './wait.mjs'

/** How long the next post waits for the one before, so that each is seen on its way alone. */
const ONE_POST_LIMIT_MS = 1_000
/** How long the last post may take to arrive everywhere. */
const ARRIVAL_LIMIT_MS = 30_000

/**
 * The demo: starts everything, creates the posts, shows their ways. With `once` it ends then and says whether all is well;
 * without, it goes on until `signal` is aborted. Whatever it started is stopped when it settles.
 */
export async function runDemo({ once, posts: count, streamer, signal: interrupted }) {
  const end = new AbortController()
  const signal = AbortSignal.any([interrupted, end.signal])
  const posts = readPosts(count)
  const stage = await setStage(streamer)
  const journeys = new Journeys(waysWith(stage.programs))
  const started = []
  try {
    signal.throwIfAborted()
    const system = await startSystem({ stage, started, signal, onJourney: onJourney(posts, journeys) })
    const failed = Promise.race(started.map((process) => process.failed))
    const checks = await Promise.race([sendPosts({ system, posts, journeys, signal }), failed])
    showSummary(checks, journeys)
    if (!once) {
      showHints(system)
      await Promise.race([aborted(signal), failed])
    }
    return checks.every(isExact)
  } finally {
    end.abort()
    await Promise.all(started.map((process) => process.stop()))
    await stage.clear()
  }
}

/** Starts everything at the same time, each service with two ports of its own. Answers where each is, as `checkAll` takes it. */
async function startSystem({ stage: { services, programs, workspace }, started, signal, onJourney }) {
  showTitle('Services')
  const system = {}
  if (programs.digest) {
    started.push(startDigest({ workspace, onJourney }))
    system.digestFile = workspace.digest
  }
  if (programs.readers) {
    system.readers = startReaders(programs.readers, { workspace, onJourney })
    started.push(system.readers)
  }
  const ports = await freePorts(2 * services.length)
  const starts = await Promise.allSettled(
    services.map(async (name, i) => {
      const [port, webSocketPort] = ports.slice(2 * i)
      const service = await startService(name, { workspace, port, webSocketPort, onJourney, signal })
      started.push(service)
      return [name, service.url]
    })
  )
  const refused = starts.find(({ status }) => status === 'rejected')
  if (refused) throw refused.reason
  if (system.readers) await Promise.race([system.readers.listening, system.readers.failed])
  const urls = Object.fromEntries(starts.map(({ value }) => value))
  showServices(urls)
  return { ...urls, ...system }
}

/** Creates the posts one after the other, waits until each has arrived everywhere, and asks how often. */
async function sendPosts({ system, posts, journeys, signal }) {
  showTitle(`${posts.length} posts`)
  for (const post of posts) {
    signal.throwIfAborted()
    const whole = journeys.whole(post.postId)
    await createPost(system.blog, post)
    await Promise.race([whole, pause(ONE_POST_LIMIT_MS, undefined, { ref: false })])
  }
  let checks
  const complete = async () => {
    checks = await checkAll(system, posts)
    return checks.every(isComplete)
  }
  await waitFor('every post to arrive', complete, { limitMs: ARRIVAL_LIMIT_MS, everyMs: 200, signal }).catch(
    (error) => {
      if (signal.aborted || !checks) throw error
    }
  )
  return checks
}

function onJourney(posts, journeys) {
  const titles = new Map(posts.map(({ postId, title }) => [postId, title]))
  return (journey) => {
    journeys.add(journey)
    showJourney(journey, titles.get(journey.subject) ?? journey.subject)
  }
}

function aborted(signal) {
  return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
