import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { groupOwnedError } from '@boostercloud/streamer-connector'
import type { GroupOwned, GroupOwner } from '@boostercloud/streamer-connector'

interface Row {
  readonly topic: string
  readonly state: string
  readonly member: string
  readonly until: number
}

/** Whose a group is, in a file of the log connector's folder. */
export class LogGroup {
  public constructor(
    private readonly file: string,
    private readonly group: string
  ) {}

  public own(topics: readonly string[], { stateId, member, leaseMs }: GroupOwner): GroupOwned {
    const others = this.rows().filter(({ topic, state }) => topics.includes(topic) && state !== stateId)
    const living = others.find(({ until }) => until > Date.now())
    if (living) throw groupOwnedError({ group: this.group, topic: living.topic, by: living.state, option: 'appName' })
    this.put(topics, stateId, member, Date.now() + leaseMs)
    return { before: [...new Set(others.map(({ state }) => state))] }
  }

  public leave(topics: readonly string[], { stateId, member }: GroupOwner): void {
    this.put(topics, stateId, member, 0)
  }

  /** As if all processes had left. */
  public forget(topics: readonly string[]): void {
    for (const { state, member } of this.rows()) this.put(topics, state, member, 0)
  }

  public isOwned(topic: string): boolean {
    return this.rows().some((row) => row.topic === topic && row.until > Date.now())
  }

  private put(topics: readonly string[], state: string, member: string, until: number): void {
    const others = this.rows().filter((row) => !(topics.includes(row.topic) && row.member === member))
    const rows = [...others, ...topics.map((topic) => ({ topic, state, member, until }))]
    const draft = `${this.file}.${process.pid}`
    writeFileSync(draft, JSON.stringify(rows))
    renameSync(draft, this.file)
  }

  private rows(): Row[] {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as Row[]) : []
  }
}
