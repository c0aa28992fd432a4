import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { buildSite } from '../scripts/docs/build'
import { linked } from '../scripts/docs/links'
import { allPages } from '../scripts/docs/pages'
import { serveFolder } from '../scripts/docs/serve'
import type { Served } from '../scripts/docs/serve'
import { sidebarOf } from '../scripts/docs/sidebar'
import { tools } from '../scripts/lib/tools'
import { startBrowser } from './support/browser'
import type { Browser, BrowserPage } from './support/browser'
import { orSkip } from './support/or-skip'
import { brokenLinks } from './support/site-links'

const PAGE = { source: 'docs/how-to/operate.md', path: 'how-to/operate.md', title: 'Operate' }

/** What a page fetches ahead of a click is given up when another page is opened. */
const GIVEN_UP = 'net::ERR_ABORTED'

describe('the documentation site', function () {
  this.timeout(600_000)
  let site: string

  before(async function () {
    await orSkip(this, tools)
    site = await mkdtemp(join(tmpdir(), 'streamers-site-'))
    await buildSite(site)
  })
  after(() => site && rm(site, { recursive: true, force: true }))

  it('has no broken link or anchor, and loads nothing from elsewhere', async () => {
    const { broken, links } = await brokenLinks(site)
    expect(broken).to.deep.equal([])
    expect(links).to.be.greaterThan(1_000)
  })

  it('would be found out if it had some', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-links-'))
    try {
      const html =
        '<h1 id="a">A</h1><a href="/gone.html"></a><a href="#b"></a><a class="x" href="./#a"></a><img src="https://cdn.example/x.png">'
      await writeFile(join(folder, 'index.html'), html)
      expect(await brokenLinks(folder)).to.deep.equal({
        broken: [
          'index.html loads https://cdn.example/x.png',
          'index.html links to /gone.html',
          'index.html links to #b, which has no such anchor',
        ],
        links: 3,
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  describe('in a browser', () => {
    let browser: Browser | undefined
    let served: Served | undefined
    let page: BrowserPage
    const troubles: string[] = []

    before(async function () {
      await orSkip(this, async () => (browser = await startBrowser(await tools())))
      served = await serveFolder(site)
      page = await browser!.newPage()
      page.on('pageerror', (error) => void troubles.push(error.message))
      page.on('requestfailed', (request) => {
        const why = request.failure()?.errorText
        if (why !== GIVEN_UP) troubles.push(`${request.url()} failed: ${why}`)
      })
      page.on('request', (request) => {
        if (!request.url().startsWith(served!.url) && !/^(data|blob):/.test(request.url())) troubles.push(request.url())
      })
    })
    after(async () => {
      await browser?.close()
      await served?.stop()
    })

    for (const term of ['dead letter', 'retry', 'Kafka']) {
      it(`finds ${term}`, async () => {
        await page.goto(served!.url)
        await page.waitForSelector('.VPNavBarSearch button')
        await page.click('.VPNavBarSearch button')
        await page.fill('#localsearch-input', term)
        await page.waitForSelector('.results .result mark')
        const found = await page.evaluate<string>(`document.querySelector('.results').innerText`)
        expect(found.toLowerCase()).to.contain(term.toLowerCase().split(' ')[0])
        const target = await page.evaluate<string>(`document.querySelector('.results .result').href`)
        expect(target).to.match(/\.html/)
        await page.click('.results .result')
        await page.waitForFunction(
          `location.pathname === ${JSON.stringify(new URL(target).pathname)} &&
            document.querySelector('main')?.innerText.toLowerCase().includes(${JSON.stringify(term.toLowerCase())})`
        )
        expect(troubles).to.deep.equal([])
      })
    }
  })
})

describe('a page of the documentation site', () => {
  it('links to pages, and to files of the repository where it is hosted', () => {
    const text =
      '[a](runbook.md#alerts) [b](../../packages/kafka-streamer) [c](../../chaos/README.md) `[d](gone.md)` [e](#here)'
    expect(linked({ ...PAGE, text }, allPages()).text).to.equal(
      '[a](/how-to/runbook.md#alerts) [b](/packages/kafka-streamer.md) [c](https://github.com/boostercloud/booster-streamers/blob/main/chaos/README.md) `[d](gone.md)` [e](#here)'
    )
  })

  it('that links to nothing is refused', () => {
    expect(() => linked({ ...PAGE, text: '[a](gone.md)' }, allPages())).to.throw(
      'docs/how-to/operate.md links to gone.md'
    )
  })

  it('stands in the sidebar once', () => {
    const pages = allPages()
    const links = (items: ReturnType<typeof sidebarOf>): string[] =>
      items.flatMap(({ link, items: below = [] }) => [...(link === undefined ? [] : [link]), ...links([...below])])
    const expected = pages.map(({ path }) => `/${path}`).filter((path) => path !== '/index.md')
    expect(links(sidebarOf(pages))).to.have.members(expected)
  })
})
