import { isStreamerError, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { evenNow } from './clocks'

/** Milliseconds after the first line until the first reminder; each further one takes twice as long, up to the last. */
const FIRST_REMINDER_MS = 60_000
const LONGEST_REMINDER_MS = 3_600_000
/**
 * How many different causes of one trouble get a line each; of those that somebody has to correct, as many again: a server that stops and starts has
 * several causes before it refuses a password. Further ones are in its reminders.
 */
const MOST_CAUSES = 3
/** Milliseconds within which a trouble that is back is the same one. */
const SAME_WITHIN_MS = 60_000

/**
 * A failure of something that is tried again, as it is logged.
 * @internal
 */
export interface TroubleLine {
  /** Who failed, and what becomes of it, as a sentence: `Publishing to 'main/posts' fails; what is pending is kept, and tried again.` */
  readonly what: string
  readonly error: unknown
  /** Fields beside the sentence. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly level?: 'warn' | 'error'
  /** Whether the line has the error's stack, where it is none of ours. Default true. */
  readonly hasStack?: boolean
}

/**
 * Something that several parts of a service depend on, as a broker: a line says that it fails, a reminder at growing intervals that it still does, and
 * a line that it works again. Every other failure meanwhile is for the debug level. An error's stack is logged once.
 * @internal
 */
export class Trouble {
  private readonly failing = new Set<string>()
  /** Causes that have had a line: those that may pass, and those that somebody has to correct. */
  private readonly told = { passing: new Set<string>(), lasting: new Set<string>() }
  private since = 0
  private tries = 0
  private remindAt = 0
  private everyMs = FIRST_REMINDER_MS
  private endedAt = Number.NEGATIVE_INFINITY
  /** Whether a line has said so since the last that said that it works. */
  private isSaid = false

  public constructor(
    private readonly name: string,
    private readonly log: StreamerLogger,
    private readonly now: () => number = evenNow
  ) {}

  /** A part of the service, by a name of its own, has failed. */
  public failed(part: string, line: TroubleLine): void {
    const { log, now } = this
    const at = now()
    if (this.failing.size === 0) this.begin(at)
    this.failing.add(part)
    this.tries += 1
    const cause = causeOf(line.error)
    const write = (...words: Parameters<StreamerLogger['warn']>): void => {
      this.isSaid = true
      log[line.level ?? 'warn'](...words)
    }
    const told = isLasting(line.error) ? this.told.lasting : this.told.passing
    if (!told.has(cause) && told.size < MOST_CAUSES) {
      told.add(cause)
      write(...said(line.what, line))
    } else if (at >= this.remindAt) {
      this.everyMs = Math.min(this.everyMs * 2, LONGEST_REMINDER_MS)
      this.remindAt = at + this.everyMs
      const lasts = `for ${seconds(at - this.since)}, ${this.tries} tries`
      write(`${line.what} It has failed ${lasts}. ${messageOf(line.error)}`, fieldsOf(line))
    } else log.debug(`${line.what} ${messageOf(line.error)}`, fieldsOf(line))
  }

  /** Something has failed for good, and is over. The next one is news, unless it comes soon and for the same reason. */
  public happened(line: TroubleLine): void {
    this.failed('', line)
    this.failing.clear()
    this.endedAt = this.now()
  }

  /** A part of the service has succeeded; nothing where it had not failed. */
  public worked(part: string): void {
    if (!this.failing.delete(part) || this.failing.size > 0) return
    this.endedAt = this.now()
    const lasted = seconds(this.endedAt - this.since)
    // What comes and goes is one trouble, and no line says that it is over where none has said that it is back.
    if (this.isSaid) this.log.info(`${this.name} works again, after ${lasted} and ${tried(this.tries)}.`)
    this.isSaid = false
  }

  /** A part of the service tries no more: whether it would succeed now is not known, and it keeps the trouble up no longer. */
  public left(part: string): void {
    if (!this.failing.delete(part) || this.failing.size > 0) return
    this.endedAt = this.now()
    this.isSaid = false
  }

  private begin(at: number): void {
    if (at - this.endedAt < SAME_WITHIN_MS) return
    for (const told of Object.values(this.told)) told.clear()
    this.since = at
    this.tries = 0
    this.everyMs = FIRST_REMINDER_MS
    this.remindAt = at + FIRST_REMINDER_MS
  }
}

const byLog = new WeakMap<StreamerLogger, Map<string, Trouble>>()

/**
 * The one trouble of a service with something, by its name as a sentence begins with it: `The streamer 'main'`.
 * @internal
 */
export function troubleWith(name: string, log: StreamerLogger): Trouble {
  const troubles = byLog.get(log) ?? new Map<string, Trouble>()
  byLog.set(log, troubles)
  const trouble = troubles.get(name) ?? new Trouble(name, log)
  troubles.set(name, trouble)
  return trouble
}

const ofStreamers = new WeakSet<object>()

/**
 * Calls a streamer. If it fails, `TroublesAt` knows that the streamer did: an embedded log has the same error codes as the state.
 * @internal
 */
export async function askStreamer<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (typeof error === 'object' && error !== null) ofStreamers.add(error)
    throw error
  }
}

/** Of a service with what an error is about: its state, or else the streamer at an address. */
export class TroublesAt {
  private readonly state: Trouble
  private readonly streamer: Trouble

  public constructor(
    address: string,
    private readonly part: string,
    log: StreamerLogger
  ) {
    this.state = troubleWithState(log)
    this.streamer = troubleWith(`The streamer '${parseAddress(address).streamerId}'`, log)
  }

  public failed(what: string, error: unknown): void {
    const isOfState = isStreamerError(error) && error.code.startsWith('STORAGE_') && !ofStreamers.has(error)
    const trouble = isOfState ? this.state : this.streamer
    trouble.failed(this.part, { what, error })
  }

  public worked(): void {
    this.state.worked(this.part)
    this.streamer.worked(this.part)
  }

  /** It is tried no more. */
  public left(): void {
    this.state.left(this.part)
    this.streamer.left(this.part)
  }
}

/** The one trouble of a service with its state. */
export function troubleWithState(log: StreamerLogger): Trouble {
  return troubleWith('The streaming state', log)
}

function isLasting(error: unknown): boolean {
  return isStreamerError(error) && !error.retryable
}

/** Failures with one cause have one text: the code of one of our errors and what it says to do, else the name of an error. */
function causeOf(error: unknown): string {
  if (isStreamerError(error)) return `${error.code} ${error.hint ?? ''}`
  return error instanceof Error ? error.name : typeof error
}

/** Our own errors say what to do, so their stack says nothing more; of others it is what there is. */
function said(what: string, line: TroubleLine): [string, ...unknown[]] {
  const { error, hasStack = true } = line
  if (isStreamerError(error) || !hasStack) return [`${what} ${messageOf(error)}`, fieldsOf(line)]
  return [what, fieldsOf(line), error]
}

function fieldsOf({ error, fields }: TroubleLine): Readonly<Record<string, unknown>> {
  return { ...(isStreamerError(error) ? { code: error.code } : {}), ...fields }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1_000))} s`
}

function tried(tries: number): string {
  return tries === 1 ? '1 failed try' : `${tries} failed tries`
}
