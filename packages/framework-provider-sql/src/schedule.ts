import { scheduleJob } from 'node-schedule'
import type { BoosterConfig } from '@boostercloud/framework-types'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { Database } from './database/database'
import { sql } from './sql'
import { triggerScheduledCommand } from './user-app'

/** Runs scheduled commands at their times: of several processes on one database, one runs each. */
export function scheduleCommands(config: BoosterConfig, database: Database, log: StreamerLogger): void {
  for (const [typeName, { scheduledOn }] of Object.entries(config.scheduledCommandHandlers)) {
    if (!scheduledOn) continue
    const { minute = '*', hour = '*', day = '*', month = '*', weekDay = '*' } = scheduledOn
    scheduleJob(typeName, `${minute} ${hour} ${day} ${month} ${weekDay}`, (at) => {
      void run(database, typeName, at).catch((error: unknown) =>
        log.error(`The scheduled command ${typeName} failed.`, error)
      )
    })
  }
}

async function run(database: Database, typeName: string, at: Date): Promise<void> {
  if (await isFirst(database, typeName, at)) await triggerScheduledCommand(typeName)
}

/** A time further ahead than this was written by a clock that was wrong; milliseconds. */
const AHEAD_MS = 60_000

/** Whether this process is the first to run a command at a time. What a clock that was far ahead has written holds nothing up. */
export async function isFirst(
  database: Database,
  typeName: string,
  at: Date,
  now: number = Date.now()
): Promise<boolean> {
  const [rows] = await database.transaction([
    sql(
      `INSERT INTO scheduled (name, fired_at) VALUES (?1, ?2)
       ON CONFLICT (name) DO UPDATE SET fired_at = excluded.fired_at WHERE scheduled.fired_at < excluded.fired_at OR scheduled.fired_at > ?3
       RETURNING 1 AS first`,
      typeName,
      at.getTime(),
      now + AHEAD_MS
    ),
  ])
  return rows.length > 0
}
