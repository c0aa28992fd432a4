import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of a test's own that is soon full. */
export interface SmallDisk {
  readonly folder: string
  /** Fills it up, but for so many bytes, with a file that has nothing to do with the test. */
  fill(leaveBytes?: number): void
  /** Takes that file away. */
  free(): void
}

/**
 * Tests on a real disk of so many megabytes, in memory. Where none can be mounted (that takes Linux and root) they are skipped, and their
 * title says why; with `CI=true` that is a failure.
 */
export function describeOnSmallDisk(megabytes: number, tests: (disk: () => SmallDisk) => void): void {
  describe(`on a disk of ${megabytes} MB`, () => {
    let folder: string | undefined
    beforeEach(function () {
      const made = mkdtempSync(join(tmpdir(), 'small-disk-'))
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', made], { stdio: 'pipe' })
        folder = made
      } catch (error) {
        rmSync(made, { recursive: true })
        if (process.env.CI === 'true') throw error
        const title = `${this.currentTest?.parent?.title} (skipped: a disk cannot be mounted here, ${String(error)})`
        if (this.currentTest?.parent) this.currentTest.parent.title = title
        this.skip()
      }
    })
    afterEach(() => {
      // Lazily: before Node 24 SQLite keeps closed files open until its statements are collected as garbage.
      if (folder) execFileSync('umount', ['-l', folder])
      if (folder) rmSync(folder, { recursive: true })
      folder = undefined
    })
    tests(() => {
      if (folder) return diskIn(folder)
      throw new Error('The disk is there while a test runs.')
    })
  })
}

function diskIn(folder: string): SmallDisk {
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: (leaveBytes = 0) => {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)))
    },
    free: () => rmSync(ballast),
  }
}
