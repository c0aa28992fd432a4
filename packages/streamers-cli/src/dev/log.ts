import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import pc from 'picocolors'

const COLORS = [pc.cyan, pc.magenta, pc.yellow, pc.blue, pc.green, pc.red]

/** One log of several services: each line begins with its service's name, in a color of its own. */
export class SharedLog {
  private readonly width: number

  public constructor(private readonly names: readonly string[]) {
    this.width = Math.max(...names.map((name) => name.length))
  }

  /** Writes a line of a service; one of several lines keeps its name on each. */
  public write(name: string, text: string): void {
    const color = COLORS[Math.max(0, this.names.indexOf(name)) % COLORS.length]
    const prefix = color(`${name.padEnd(this.width)} │`)
    for (const line of text.split('\n')) process.stdout.write(`${prefix} ${line}\n`)
  }

  /** Writes what a process says, line by line, until it ends. */
  public follow(name: string, stream: Readable): void {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => this.write(name, line))
  }
}
