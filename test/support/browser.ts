import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StreamerError } from '@boostercloud/streamer-connector'
import { installDebianPackage } from '../../packages/dev-brokers/src/fetch/debian'

const NAMES = ['chromium-headless-shell', 'chromium', 'google-chrome']

/** As much of playwright-core's page as the tests use. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>
  click(selector: string): Promise<void>
  fill(selector: string, text: string): Promise<void>
  waitForSelector(selector: string): Promise<unknown>
  waitForFunction(script: string): Promise<unknown>
  evaluate<T>(script: string): Promise<T>
  url(): string
  on(event: 'requestfailed' | 'request', listener: (request: BrowserRequest) => void): void
  on(event: 'pageerror', listener: (error: Error) => void): void
}

/** As much of what a page asks for. */
export interface BrowserRequest {
  url(): string
  /** Null where it has not failed. */
  failure(): { readonly errorText: string } | null
}

/** As much of its browser. */
export interface Browser {
  newPage(): Promise<BrowserPage>
  close(): Promise<void>
}

interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}

/** Starts a Chromium of this machine, or one that Debian installs where root asks for it. Rejects with `PACKAGE_MISSING` where there is none. */
export async function startBrowser(tools: string): Promise<Browser> {
  const { chromium } = createRequire(join(tools, 'package.json'))('playwright-core') as Playwright
  // Root has no sandbox in a container; what is opened is our own site.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: (await installed()) ?? (await installedByDebian()), args })
}

async function installed(): Promise<string | undefined> {
  for (const name of NAMES) {
    const found = await promisify(execFile)('which', [name]).catch(() => undefined)
    if (found) return found.stdout.trim()
  }
  return undefined
}

async function installedByDebian(): Promise<string> {
  await installDebianPackage(NAMES[0], 'signed')
  const found = await installed()
  if (found !== undefined) return found
  throw new StreamerError('PACKAGE_MISSING', 'The package has no browser in it.', { at: NAMES[0] })
}
