import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { runWarm } from './support/command'
import { inTempFolder } from './support/temp-folder'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly runbook_url: string }
}

interface Panel {
  readonly type: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: ReadonlyArray<{ readonly expr: string }>
}

const RUNBOOK = join(__dirname, '..', '..', '..', 'docs', 'how-to', 'runbook.md')
const LABELS_OF_PROMETHEUS = ['instance', 'le']

/** Labels by the names that a service serves; a histogram by its buckets. */
async function servedNames(): Promise<ReadonlyMap<string, readonly string[]>> {
  // The package refers to Booster, which does not load without an environment.
  process.env.BOOSTER_ENV ??= 'test'
  const { METRICS, prometheusName } = await import('@boostercloud/streamers/runtime')
  return new Map(
    METRICS.map(({ name, kind, attributes }) => [
      `${prometheusName(name)}${kind === 'histogram' ? '_bucket' : ''}`,
      attributes,
    ])
  )
}

async function written(): Promise<{ rules: readonly Rule[]; panels: readonly Panel[] }> {
  return inTempFolder(async (folder) => {
    const { code, err } = await runWarm(['monitoring', '--out', folder])
    expect(code, err).to.equal(0)
    const alerts = parse(await readFile(join(folder, 'alerts.yaml'), 'utf8')) as { groups: [{ rules: Rule[] }] }
    const { panels } = JSON.parse(await readFile(join(folder, 'dashboard.json'), 'utf8')) as { panels: Panel[] }
    return { rules: alerts.groups[0].rules, panels }
  })
}

describe('boost-streamers monitoring', function () {
  this.timeout(60_000)

  it('asks in alerts and panels for nothing that a service does not serve', async () => {
    const [{ rules, panels }, served] = [await written(), await servedNames()]
    const expressions = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ]
    expect(expressions).to.have.length.above(served.size)
    for (const expr of expressions) {
      const [name = ''] = expr.match(/booster_streamers_\w+/) ?? []
      expect([...served.keys()], expr).to.include(name)
      for (const [, by] of expr.matchAll(/by \(([^)]*)\)/g)) {
        expect([...(served.get(name) ?? []), ...LABELS_OF_PROMETHEUS], expr).to.include.members(by.split(', '))
      }
    }
  })

  it('shows every metric in a panel, none over another', async () => {
    const [{ panels }, served] = [await written(), await servedNames()]
    const all = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n')
    for (const name of served.keys()) expect(all).to.contain(`${name}{`)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`)
    )
    expect(new Set(cells).size).to.equal(cells.length)
  })

  it('has the alerts of the runbook, and links to their sections', async () => {
    const [{ rules }, runbook] = [await written(), await readFile(RUNBOOK, 'utf8')]
    const sections = new Map(
      runbook
        .split(/^### /m)
        .slice(1)
        .map((text) => [text.split('\n')[0].toLowerCase().replaceAll(' ', '-'), text])
    )
    for (const { alert, expr, annotations } of rules) {
      const [, section] = annotations.runbook_url.split('#')
      expect(sections.get(section), `${alert} leads to ${section}`).to.contain(`\`${expr}\``)
    }
  })
})
