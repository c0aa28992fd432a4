import { PATIENCE } from './patience'

/** Seconds that a test file may take, beside three others on two processors; one that takes longer fails the run. */
const DEFAULT_SECONDS = 240

/** Files that may take longer, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, { readonly seconds: number; readonly why: string }>> = {
  'packages/eventbridge-streamer/test/conformance.test.ts': { seconds: 360, why: 'moto takes 5,000 events one by one' },
  'packages/kafka-streamer/test/conformance.test.ts': {
    seconds: 360,
    why: 'Kafka is killed and started again seven times',
  },
  'packages/rabbitmq-streamer/test/conformance.test.ts': {
    seconds: 420,
    why: 'RabbitMQ is killed and started again, in two ways of use',
  },
  'packages/streamers-cli/test/operate.test.ts': {
    seconds: 360,
    why: 'every operation is a process beside a service that runs',
  },
  'packages/streamers-postgres/test/competing.test.ts': {
    seconds: 300,
    why: 'receivers compete while they die and stand still',
  },
  'test/chaos-kafka.test.ts': { seconds: 400, why: 'services die at every failpoint, up to three runs' },
  'test/chaos-sql.test.ts': {
    seconds: 700,
    why: 'services die at every failpoint, on three kinds of stores, up to three runs each',
  },
  'test/contracts-example.test.ts': {
    seconds: 400,
    why: 'three services are compiled after each change of their contract',
  },
  'test/how-to.test.ts': {
    seconds: 480,
    why: 'every page is walked, one after another, in services that are compiled',
  },
  'test/upgrade.test.ts': { seconds: 600, why: 'a service starts on each kind of store, and is operated' },
}

/** Seconds that a file may take, where the run has no more patience. `KILL_FACTOR` times as long, and it is stopped. */
export function budgetOf(file: string): number {
  return (EXCEPTIONS[file]?.seconds ?? DEFAULT_SECONDS) * PATIENCE
}

/** A file that has taken so many times its budget hangs. */
export const KILL_FACTOR = 2
