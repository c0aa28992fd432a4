import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cachedPythonPackages } from '@boostercloud/dev-brokers'
import { cachedLibraries } from '../../packages/dev-brokers/src/fetch/maven-cache'

/** Of both SDKs. The one for Java has no binding for NATS or RabbitMQ that the tests could fetch. */
export type Binding = 'kafka' | 'amqp' | 'rabbitmq' | 'http'
export type Mode = 'binary' | 'structured'

/** An event, as an SDK's program writes it. Bytes are `{ bytes: hex }`. */
export interface SdkEvent {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly data?: unknown
}

/** A message as it is on the wire, with its body in hexadecimal digits. */
export interface SdkMessage {
  readonly headers: Readonly<Record<string, unknown>>
  readonly contentType?: string | null
  readonly key?: string | null
  readonly body: string
}

type Question =
  | { readonly binding: Binding; readonly mode: Mode; readonly event: SdkEvent }
  | { readonly binding: Binding; readonly message: SdkMessage }

const LIBRARIES = ['json-jackson', 'kafka', 'http-basic'].map((name) => `io.cloudevents:cloudevents-${name}:4.0.1`)

/** A process with an SDK in it, which writes and reads messages. */
export class Judge {
  private readonly lines: AsyncIterator<string>
  private complaint = ''

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    child.stderr.on('data', (text: Buffer) => (this.complaint += text.toString('utf8')))
  }

  public static async python(): Promise<Judge> {
    const PYTHONPATH = await cachedPythonPackages('cloud-events', join(__dirname, 'packages.txt'))
    const env = { ...process.env, PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' }
    return new Judge(spawn('python3', [join(__dirname, 'judge.py')], { env }))
  }

  /** Java compiles the one file by itself. */
  public static async java(): Promise<Judge> {
    const list = join(__dirname, 'libraries.sha256')
    const folder = await cachedLibraries('cloud-events', [...LIBRARIES, 'org.slf4j:slf4j-nop:1.7.36'], list)
    const options = ['-XX:TieredStopAtLevel=1', '-Xmx128m', '-cp', join(folder, '*')]
    return new Judge(spawn('java', [...options, join(__dirname, 'Judge.java')]))
  }

  /** An event as the SDK writes it. */
  public write(binding: Binding, mode: Mode, events: readonly SdkEvent[]): Promise<SdkMessage[]> {
    return this.ask(events.map((event) => ({ binding, mode, event })))
  }

  /** What the SDK reads in messages. */
  public read(binding: Binding, messages: readonly SdkMessage[]): Promise<SdkEvent[]> {
    return this.ask(messages.map((message) => ({ binding, message })))
  }

  public async stop(): Promise<void> {
    const ended = once(this.child, 'close')
    this.child.stdin.end()
    await ended
  }

  private async ask<T>(questions: readonly Question[]): Promise<T[]> {
    this.child.stdin.write(`${JSON.stringify(questions)}\n`)
    const { value, done } = await this.lines.next()
    if (done) throw new Error(`The SDK's program ended: ${this.complaint.slice(-2_000)}`)
    const answers = JSON.parse(value) as (T & { readonly error?: string })[]
    for (const [index, { error }] of answers.entries())
      if (error !== undefined) throw new Error(`${error} for ${JSON.stringify(questions[index])}`)
    return answers
  }
}
