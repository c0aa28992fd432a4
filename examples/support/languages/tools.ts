import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Something that is not on this machine. Its message says what, and how to have it. */
export class ToolMissing extends Error {
  public constructor(message: string) {
    super(message)
    this.name = 'ToolMissing'
  }
}

/** What a program says of itself. Throws `ToolMissing`, with `hint`, where there is none or it fails. */
export async function ask(command: string, args: readonly string[], hint: string): Promise<string> {
  try {
    const { stdout, stderr } = await execute(command, args)
    return `${stdout}${stderr}`.trim()
  } catch {
    throw new ToolMissing(hint)
  }
}
