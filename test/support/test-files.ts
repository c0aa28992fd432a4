import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runPool } from '../../scripts/lib/tests/pool'
import type { FileResult } from '../../scripts/lib/tests/report'
import { runFiles } from '../../scripts/lib/tests/worker-process'
import { unitTests } from '../../scripts/lib/unit-tests'

/** Test files in a folder of their own, on which the runner of tests is tried. */
export class TestFiles {
  private readonly folder = mkdtempSync(join(tmpdir(), 'test-files-'))

  /** Writes a test file, or another one that is named by its path; answers its path. */
  public write(name: string | readonly string[], body: string): string {
    const file = typeof name === 'string' ? this.path(`${name}.test.cjs`) : join(this.folder, ...name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, body)
    return file
  }

  public path(name: string): string {
    return join(this.folder, name)
  }

  /** Runs files in one process. Resolves with what was said of each, and the files that are left. */
  public async runInOneProcess(
    files: readonly string[],
    { limitSeconds = 60, endMs = 20_000 } = {}
  ): Promise<{ results: FileResult[]; left: readonly string[] }> {
    const results: FileResult[] = []
    const left = await runFiles({
      files,
      endMs,
      limitOf: () => limitSeconds,
      onResult: (result: FileResult) => results.push(result),
    })
    return { results, left }
  }

  /** Runs files as `npm test` does. Resolves with the counts and what was said. */
  public async run(files: readonly string[]): Promise<{ passed: number; failed: number; said: string }> {
    const lines: string[] = []
    const { jobs, end } = unitTests({ files, say: (line: string) => lines.push(line) })
    await runPool(jobs, 2)
    const counts = end()
    return { ...counts, said: lines.join('\n') }
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
