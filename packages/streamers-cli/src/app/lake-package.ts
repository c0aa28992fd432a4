import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as lake from '@boostercloud/streamers-lake'

const PACKAGE = '@boostercloud/streamers-lake'

/** The package of the lake: the one of the app in the current folder, else the one beside this command. Throws `PACKAGE_MISSING` where there is none. */
export function lakePackage(): typeof lake {
  const from = [join(process.cwd(), 'package.json'), __filename]
  for (const place of from) {
    const { resolve } = createRequire(place)
    const path = found(resolve)
    if (path !== undefined) return createRequire(place)(path) as typeof lake
  }
  throw new StreamerError('PACKAGE_MISSING', `The package ${PACKAGE} is not installed.`, {
    at: process.cwd(),
    hint: `Install it in the app: npm install ${PACKAGE}.`,
  })
}

function found(resolve: NodeJS.RequireResolve): string | undefined {
  try {
    return resolve(PACKAGE)
  } catch {
    return undefined
  }
}
