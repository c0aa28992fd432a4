/** Seconds that a test file may take; one that takes longer fails the run. */
const DEFAULT_SECONDS = 180

/** Files that may take longer, each with its reason. */
const EXCEPTIONS = {
  'test/chaos-sql.test.ts': { seconds: 600, why: 'runs of replicas that are killed, on each kind of database' },
  'test/contracts-example.test.ts': {
    seconds: 360,
    why: 'compiles three services after each change of their contract',
  },
  'test/upgrade.test.ts': { seconds: 600, why: 'a service starts on each kind of store, and is operated' },
  'packages/rabbitmq-streamer/test/conformance.test.ts': { seconds: 400, why: 'every case, in three ways of use' },
  'packages/eventbridge-streamer/test/conformance.test.ts': { seconds: 360, why: 'every case, in two ways of use' },
  'packages/kafka-streamer/test/conformance.test.ts': { seconds: 300, why: 'every case, in two ways of use' },
  'packages/streamers-cli/test/operate.test.ts': { seconds: 300, why: 'every operation on a real service' },
}

/**
 * Seconds that a file may take. `KILL_FACTOR` times as long, and it is stopped. `STREAMERS_TEST_PATIENCE` multiplies all of them, for a
 * machine that is slow or busy with something else.
 */
export function budgetOf(file) {
  return (EXCEPTIONS[file]?.seconds ?? DEFAULT_SECONDS) * Number(process.env.STREAMERS_TEST_PATIENCE ?? 1)
}

/** A file that has taken so many times its budget hangs. */
export const KILL_FACTOR = 2
