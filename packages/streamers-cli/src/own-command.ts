import { join } from 'node:path'

/** The program of this command line, for a process of its own. */
export const OWN_COMMAND = join(__dirname, '..', 'bin', 'boost-streamers.js')
