// Each mutant breaks one guarantee in the service that loads it, so that the checker can show that it notices.
const { dirname, join } = require('node:path')
const { setTimeout: pause } = require('node:timers/promises')
const { newEventId } = require('@boostercloud/streamer-connector')

const DIST = dirname(require.resolve('@boostercloud/streamers'))
/** A class of the core, as it was built. */
const classOf = (room, file, name) => require(join(DIST, room, `${file}.js`))[name]

/** Puts `make(original)` in the place of a method. */
function replace({ prototype }, method, make) {
  if (typeof prototype[method] !== 'function') throw new Error(`The mutant finds no ${method} to break.`)
  prototype[method] = make(prototype[method])
}

const relay = () => classOf('publish', 'relay', 'Relay')
const outbox = () => classOf('publish', 'outbox', 'Outbox')
const state = () => classOf('state', 'sql/sql-state-store', 'SqlStateStore')
const lane = () => classOf('receive', 'lane', 'Lane')
const lanes = () => classOf('receive', 'lanes', 'Lanes')

/** Changes what is committed: one change for another, or for none. */
function commitInstead(change) {
  replace(
    state(),
    'commit',
    (commit) =>
      function (changes) {
        return commit.call(
          this,
          changes.flatMap((one) => change(one) ?? [])
        )
      }
  )
}

module.exports = {
  'relay-drops': () =>
    replace(
      relay(),
      'publish',
      (publish) =>
        async function (ready) {
          const kept = ready.filter(() => Math.random() > 0.1)
          await this.confirm(ready.filter((one) => !kept.includes(one)))
          if (kept.length > 0) await publish.call(this, kept)
        }
    ),

  'relay-unmarks-before-it-sends': () =>
    replace(
      relay(),
      'publish',
      (publish) =>
        async function (ready) {
          await this.confirm(ready)
          await publish.call(this, ready)
        }
    ),

  'relay-reorders': () =>
    replace(
      relay(),
      'publish',
      (publish) =>
        function (ready) {
          return publish.call(this, [...ready].reverse())
        }
    ),

  'marks-after-the-store': () =>
    replace(
      outbox(),
      'store',
      () =>
        async function (events, store, timesIn) {
          const result = await this.storeMarked(events, store, timesIn)
          const marks = this.marksFor(events)
          await this.options.state.commit(marks)
          this.options.wake(new Set(marks.map(({ mark }) => mark.address)), events)
          return result
        }
    ),

  'ids-anew-at-each-publish': () =>
    replace(
      relay(),
      'publish',
      (publish) =>
        function (ready) {
          return publish.call(
            this,
            ready.map(({ mark, event }) => ({ mark, event: { ...event, id: newEventId() } }))
          )
        }
    ),

  'inbox-forgets': () =>
    replace(
      state(),
      'claim',
      (claim) =>
        async function (...request) {
          await this.expireInbox(Number.MAX_SAFE_INTEGER)
          return claim.apply(this, request)
        }
    ),

  'acknowledges-before-it-handles': () => {
    replace(
      classOf('receive', 'settled-mark', 'SettledMark'),
      'handOut',
      (handOut) =>
        function (eventId) {
          const entry = handOut.call(this, eventId)
          this.settle(entry)
          return entry
        }
    )
    replace(
      classOf('receive', 'hand-out', 'HandOut'),
      'deliveriesOf',
      (deliveriesOf) =>
        async function (event, entry, onSettled) {
          const deliveries = await deliveriesOf.call(this, event, entry, onSettled)
          onSettled()
          return deliveries
        }
    )
  },

  'attempts-share-the-event': () =>
    replace(
      classOf('receive', 'received', 'Received'),
      'own',
      () =>
        function () {
          const { streamerId, streamerTopic, eventId, metadata, payload } = this
          return { streamerId, streamerTopic, eventId, metadata, eventPayload: payload }
        }
    ),

  'starts-are-forgotten': () =>
    commitInstead((change) => (change.do === 'begin-run' ? { ...change, counts: false } : change)),

  'position-without-its-stream': () =>
    replace(
      require(join(dirname(require.resolve('@boostercloud/local-streamer')), 'log', 'log.js')).Log,
      'sequenceAfter',
      () =>
        function (position) {
          return position?.sequence ?? 0
        }
    ),

  'outcome-is-not-written': () => commitInstead((change) => (change.do === 'write-outcome' ? undefined : change)),

  'outcome-is-stored-again': () =>
    replace(
      classOf('booster', 'events/effects', 'BoosterEffects'),
      'resume',
      (resume) =>
        function (packed) {
          const blind = { envelopes: async () => new Map() }
          return resume.call(Object.create(this, { events: { value: blind } }), packed)
        }
    ),

  'keys-have-no-order': () =>
    replace(
      classOf('receive', 'hand-out', 'HandOut'),
      'deliveriesOf',
      (deliveriesOf) =>
        function (event, ...rest) {
          return deliveriesOf.call(this, { ...event, metadata: { ...event.metadata, key: undefined } }, ...rest)
        }
    ),

  'followers-are-not-parked': () => {
    const Lane = lane()
    replace(lanes(), 'isParked', () => () => false)
    replace(
      lanes(),
      'lane',
      (laneOf) =>
        function (link, id) {
          const known = laneOf.call(this, link, id)
          return known.isParked ? new Lane(link, id, this.around, () => undefined) : known
        }
    )
    replace(
      state(),
      'claim',
      (claim) =>
        async function (...request) {
          const claims = await claim.apply(this, request)
          return claims.map((one) => (one.state === 'behind' ? { state: 'claimed' } : one))
        }
    )
  },

  'park-is-lost': () => commitInstead((change) => (change.do === 'park' ? undefined : change)),

  'settles-before-it-has-parked': () =>
    replace(
      lane(),
      'park',
      (park) =>
        function (items) {
          for (const { delivery } of items) delivery.settled()
          this.lastPark = this.lastPark.then(() => pause(300))
          return park.call(
            this,
            items.map(({ delivery, event }) => ({ delivery: { ...delivery, settled: () => undefined }, event }))
          )
        }
    ),

  'dead-letter-is-lost': () =>
    commitInstead((change) =>
      change.do === 'repark' && change.event.state === 'dead' ? { do: 'unpark', place: change.place } : change
    ),

  'dead-letter-holds-nothing': () =>
    commitInstead((change) =>
      change.do === 'repark' ? { ...change, event: { ...change.event, holds: false } } : change
    ),
}
