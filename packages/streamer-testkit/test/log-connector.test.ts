import { testConnector } from '../src/entries/conformance'
import { logHarness } from './support/log-harness'

describe("a log whose position is the receiver's", () => {
  testConnector(() => logHarness('receiver'), {
    capabilities: {
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      places: true,
      maxEventBytes: 20_000,
      delivery: 'poll',
    },
    skipped: [
      'each_event_once_a_session',
      'acknowledge_settles_without_fetching',
      'id_of_another_session_settles_nothing',
    ],
  })
})

describe("a log whose position is the broker's", () => {
  testConnector(() => logHarness('broker'), {
    capabilities: {
      position: 'broker',
      ordering: 'topic',
      durable: true,
      replay: true,
      places: true,
      maxEventBytes: 20_000,
      delivery: 'poll',
    },
    skipped: ['poll_resumes_from_last_id'],
  })
})
