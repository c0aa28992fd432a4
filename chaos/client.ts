import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { JournalLine } from './history'
import type { PlannedCommand, Schedule } from './schedule'
import type { Replicas } from './replicas'
import { until } from './until'

const AT_ONCE = 8
const ANSWER_LIMIT_MS = 30_000
const AFTER_SILENCE_MS = 100
/** Milliseconds: what has refused one command would refuse the next, too. */
const AFTER_REFUSAL_MS = 1_000

/** Sends the commands of a schedule, each once, and keeps a journal: the intent before it is sent, and the answer. */
export class Client {
  /** Commands sent so far. */
  public sent = 0
  private allowed = 0
  private needed = true
  private readonly journal: string
  private readonly commands: readonly PlannedCommand[]

  public constructor(
    private readonly schedule: Schedule,
    private readonly service: Replicas,
    folder: string
  ) {
    this.commands = [...schedule.commands, ...schedule.spare]
    this.journal = join(folder, 'journal.jsonl')
    appendFileSync(this.journal, '')
  }

  /** Lets it send so many commands in all. */
  public allow(count: number): void {
    this.allowed = Math.max(this.allowed, count)
  }

  /** No more faults are to come: it need not go on beyond what is planned. */
  public release(): void {
    this.needed = false
  }

  /** Whether it has nothing left to send. */
  public get isDone(): boolean {
    return this.sent >= (this.needed ? this.commands : this.schedule.commands).length
  }

  /** Resolves when every command was sent and answered, or its answer is lost. */
  public async run(): Promise<void> {
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()))
  }

  /** Sends further commands, one after the other. */
  public async sendMore(commands: readonly PlannedCommand[]): Promise<void> {
    for (const command of commands) await this.send(command)
  }

  private async work(): Promise<void> {
    while (!this.isDone) {
      if (this.sent >= this.allowed || !this.service.isUp) {
        await until(() => this.isDone || (this.sent < this.allowed && this.service.isUp), Infinity, 5)
        continue
      }
      await this.send(this.commands[this.sent++])
    }
  }

  private async send({ key, origins }: PlannedCommand): Promise<void> {
    this.write({ what: 'intent', key, origins })
    try {
      const response = await fetch(this.service.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: 'mutation ($key: ID!, $origins: String!) { Ask(input: { key: $key, origins: $origins }) }',
          variables: { key, origins: origins.join(' ') },
        }),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      })
      const { errors } = (await response.json()) as { errors?: { message: string }[] }
      this.write({ what: 'answer', origins, ok: !errors, error: errors?.[0]?.message })
      if (errors) await pause(AFTER_REFUSAL_MS)
    } catch {
      // No answer: the journal says so by not having one. The service is likely to be gone.
      await pause(AFTER_SILENCE_MS)
    }
  }

  private write(line: JournalLine): void {
    appendFileSync(this.journal, `${JSON.stringify(line)}\n`)
  }
}
