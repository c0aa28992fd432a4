import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { ROOT, SourceTree } from './support/source-tree'
import type { Violation } from './support/source-tree'

const PACKAGES = readdirSync(join(ROOT, 'packages')).filter((name) =>
  existsSync(join(ROOT, 'packages', name, 'package.json'))
)

/** Packages that have the rooms of a connector, and how the one is called that talks to the broker. */
const CONNECTORS = [
  ['local-streamer', 'log'],
  ['nats-streamer', 'client'],
  ['kafka-streamer', 'client'],
  ['rabbitmq-streamer', 'client'],
  ['eventbridge-streamer', 'client'],
] as const

/** Layers: the rule, a file in the layer, what it must not import, and what it may. */
const LAYERS: ReadonlyArray<readonly [rule: string, layer: string, refused: string, allowed?: string]> = [
  ['layer-streamers-cli-src-terminal', 'streamers-cli/src/terminal', 'app'],
  ['layer-streamers-cli-src-app', 'streamers-cli/src/app', 'kept', 'terminal'],
  ['layer-streamers-cli-src-kept', 'streamers-cli/src/kept', 'status', 'app'],
  ['layer-streamers-cli-src-status', 'streamers-cli/src/status', 'commands', 'kept'],
  ['layer-streamers-cli-src-inspect-compiler', 'streamers-cli/src/inspect/compiler', 'service'],
  ['layer-streamers-cli-src-inspect-service', 'streamers-cli/src/inspect/service', 'topology', 'compiler'],
  ['layer-streamers-cli-src-inspect-topology', 'streamers-cli/src/inspect/topology', 'compiler', 'service'],
  ['layer-streamers-aws-src-state-table', 'streamers-aws/src/state/table', 'commit'],
  ['layer-streamers-aws-src-state-commit', 'streamers-aws/src/state/commit', 'queries', 'table'],
  ['layer-streamers-aws-src-state-queries', 'streamers-aws/src/state/queries', 'move', 'commit'],
  ['layer-streamers-aws-src-state-move', 'streamers-aws/src/state/move', 'index', 'queries'],
  ['layer-streamers-src-booster-fields', 'streamers/src/booster/fields', 'migrations'],
  ['layer-streamers-src-booster-migrations', 'streamers/src/booster/migrations', 'events', 'fields'],
]

/** For each rule an import that breaks it: the rule, the file, what it imports. */
const OFFENCES: ReadonlyArray<readonly [rule: string, file: string, imported: string]> = [
  ['package-streamer-connector', 'packages/streamer-connector/src/a.ts', '@boostercloud/streamer-sqlite'],
  ['package-streamer-sqlite', 'packages/streamer-sqlite/src/a.ts', '@boostercloud/local-streamer'],
  ['package-local-streamer', 'packages/local-streamer/src/a.ts', '@boostercloud/streamers'],
  ['package-nats-streamer', 'packages/nats-streamer/src/a.ts', '@boostercloud/local-streamer'],
  ['package-kafka-streamer', 'packages/kafka-streamer/src/a.ts', '@boostercloud/streamers'],
  ['package-rabbitmq-streamer', 'packages/rabbitmq-streamer/src/a.ts', '@boostercloud/kafka-streamer'],
  ['package-eventbridge-streamer', 'packages/eventbridge-streamer/src/a.ts', '@boostercloud/kafka-streamer'],
  ['package-schema-registry-codec', 'packages/schema-registry-codec/src/a.ts', '@boostercloud/streamers'],
  ['package-dev-brokers', 'packages/dev-brokers/src/a.ts', '@boostercloud/streamers'],
  ['package-streamer-testkit', 'packages/streamer-testkit/src/a.ts', '@boostercloud/local-streamer'],
  ['package-streamers', 'packages/streamers/src/a.ts', '@boostercloud/local-streamer'],
  ['package-streamers-postgres', 'packages/streamers-postgres/src/a.ts', '@boostercloud/local-streamer'],
  ['package-streamers-lake', 'packages/streamers-lake/src/a.ts', '@boostercloud/streamers'],
  ['package-streamers-aws', 'packages/streamers-aws/src/a.ts', '@boostercloud/kafka-streamer'],
  ['package-framework-provider-sql', 'packages/framework-provider-sql/src/a.ts', '@boostercloud/local-streamer'],
  ['package-streamers-cli', 'packages/streamers-cli/src/a.ts', '@boostercloud/streamers-postgres'],
  ['package-known', 'packages/novelty/src/a.ts', '@boostercloud/streamers'],

  ['room-streamer-connector-contract', 'packages/streamer-connector/src/contract/a.ts', '../address'],
  ['room-streamer-connector-address', 'packages/streamer-connector/src/address/a.ts', '../envelope'],
  ['room-streamer-connector-envelope', 'packages/streamer-connector/src/envelope/a.ts', '../base'],
  ['room-streamer-connector-base', 'packages/streamer-connector/src/base/a.ts', '../index'],
  ['room-streamer-connector-options', 'packages/streamer-connector/src/options/a.ts', '../base'],
  ['room-streamer-connector-timing', 'packages/streamer-connector/src/timing/a.ts', '../contract'],
  ['room-streamer-connector-serve', 'packages/streamer-connector/src/serve/a.ts', '../contract'],
  ...CONNECTORS.flatMap(([name, client]): [string, string, string][] => [
    [`room-${name}-options`, `packages/${name}/src/options/a.ts`, '../wire'],
    [`room-${name}-wire`, `packages/${name}/src/wire/a.ts`, `../${client}`],
    [`room-${name}-${client}`, `packages/${name}/src/${client}/a.ts`, '../consume'],
    [`room-${name}-produce`, `packages/${name}/src/produce/a.ts`, '../consume'],
    [`room-${name}-consume`, `packages/${name}/src/consume/a.ts`, '../produce'],
    [`room-${name}-operate`, `packages/${name}/src/operate/a.ts`, '../index'],
    ['room-known', `packages/${name}/src/novelty/a.ts`, '../options'],
    ['room-by-its-index', `packages/${name}/src/operate/b.ts`, '../consume/inner'],
  ]),
  ['room-streamers-lake-options', 'packages/streamers-lake/src/options/a.ts', '../storage'],
  ['room-streamers-lake-storage', 'packages/streamers-lake/src/storage/a.ts', '../format'],
  ['room-streamers-lake-format', 'packages/streamers-lake/src/format/a.ts', '../storage'],
  ['room-streamers-lake-manifest', 'packages/streamers-lake/src/manifest/a.ts', '../read'],
  ['room-streamers-lake-replay', 'packages/streamers-lake/src/replay/a.ts', '../storage'],
  ['room-streamers-lake-record', 'packages/streamers-lake/src/record/a.ts', '../storage'],
  ['room-streamers-lake-read', 'packages/streamers-lake/src/read/a.ts', '../options'],
  ['room-streamers-lake-query', 'packages/streamers-lake/src/query/a.ts', '../read'],
  ['room-streamers-lake-keep', 'packages/streamers-lake/src/keep/a.ts', '../query'],
  ['room-streamers-lake-verify', 'packages/streamers-lake/src/verify/a.ts', '../read'],
  ['room-streamers-timing', 'packages/streamers/src/timing/a.ts', '../state'],
  ['room-streamers-state', 'packages/streamers/src/state/a.ts', '../publish'],
  ['room-streamers-publish', 'packages/streamers/src/publish/a.ts', '../receive'],
  ['room-streamers-receive', 'packages/streamers/src/receive/a.ts', '../publish'],
  ['room-streamers-timers', 'packages/streamers/src/timers/a.ts', '../publish'],
  ['room-streamers-observe', 'packages/streamers/src/observe/a.ts', '../declare'],
  ['room-streamers-declare', 'packages/streamers/src/declare/a.ts', '../runtime'],
  ['room-streamers-runtime', 'packages/streamers/src/runtime/a.ts', '../booster'],
  ['room-streamers-booster', 'packages/streamers/src/booster/a.ts', '../index'],
  ['room-streamers-entries', 'packages/streamers/src/entries/a.ts', '../index'],
  ['room-known', 'packages/streamers/src/novelty/a.ts', '../state'],
  ['room-by-its-index', 'packages/streamers/src/publish/b.ts', '../state/inner'],

  ...LAYERS.map(([rule, layer, refused]): [string, string, string] => [
    rule,
    `packages/${layer}/a.ts`,
    `../${refused}`,
  ]),

  ['package-by-its-name', 'packages/local-streamer/src/b.ts', '../../streamer-connector/src/index'],
  ['package-by-its-name', 'packages/local-streamer/src/c.ts', '@boostercloud/streamer-connector/dist/inner'],
  ['package-by-its-name', 'examples/app/src/a.ts', '../../../packages/streamers/src/index'],
  ['package-by-its-name-in-tests', 'packages/local-streamer/test/b.ts', '../../streamer-connector/src/index'],
  ['package-by-its-name-in-chaos', 'chaos/a.ts', '../packages/local-streamer/src/index'],
  ['no-test-in-tools', 'scripts/lib/a.ts', '../../test/support/inner'],
  ['no-package-before-it-is-built', 'scripts/lib/d.ts', '../../packages/streamers/src/index'],
  ['no-circular', 'chaos/b.ts', './c'],
  ['no-circular', 'scripts/b.ts', './c'],
  ['no-circular', 'bench/b.ts', './c'],
  ['no-circular', 'test/b.ts', './c'],
  ['no-example-in-a-package', 'packages/streamers/test/a.ts', '../../../examples/app/src/index'],

  ['framework-in-booster-room-only', 'packages/streamers/src/runtime/b.ts', '@boostercloud/framework-core'],
  ['framework-in-booster-room-only', 'packages/local-streamer/src/d.ts', '@boostercloud/framework-core'],
  ['framework-types-as-types-only', 'packages/streamer-connector/src/b.ts', '@boostercloud/framework-types'],
  [
    'framework-internals-in-compat-only',
    'packages/streamers/src/booster/b.ts',
    '@boostercloud/framework-core/dist/inner',
  ],
  ['framework-internals-in-compat-only', 'examples/app/src/b.ts', '@boostercloud/framework-core/dist/inner'],

  ['no-dev-dependency-in-src', 'packages/streamers/src/b.ts', 'for-development'],
  ['no-dev-dependency-in-src', 'packages/streamers/src/c.ts', 'undeclared'],
  ['no-circular', 'packages/streamers/src/d.ts', './e'],
  ['no-unresolvable', 'packages/streamers/src/f.ts', './nowhere'],
]

/** Imports that no rule forbids. */
const ALLOWED: ReadonlyArray<readonly [file: string, imported: string]> = [
  ['packages/streamer-connector/src/envelope/good.ts', '../contract'],
  ['packages/local-streamer/src/good.ts', '@boostercloud/streamer-connector'],
  ['packages/kafka-streamer/src/client/protocol/good.ts', '../inner'],
  ['packages/kafka-streamer/src/client/protocol/fair.ts', '../../wire'],
  ['packages/kafka-streamer/src/operate/good.ts', '../consume'],
  ['packages/local-streamer/test/good.ts', '@boostercloud/streamers'],
  ['packages/streamers/src/booster/compatibility/index.ts', '@boostercloud/framework-core/dist/inner'],
  ['packages/streamers/src/booster/good.ts', '@boostercloud/framework-core'],
  ['packages/streamers/src/runtime/good.ts', '../declare'],
  ['packages/streamers/src/state/good.ts', './inner'],
  ['packages/streamers/test/good.ts', 'for-development'],
  ['chaos/good.ts', '@boostercloud/streamers'],
  ['test/good.ts', './support/inner'],
  ...LAYERS.flatMap(([, layer, , allowed]): [string, string][] =>
    allowed === undefined ? [] : [[`packages/${layer}/good.ts`, `../${allowed}`]]
  ),
]

describe('the import rules', function () {
  this.timeout(60_000)

  let tree: SourceTree
  let violations: Violation[]

  before(async () => {
    tree = await SourceTree.write(files(), PACKAGES)
    violations = await tree.violations()
  })

  after(() => tree.remove())

  for (const [rule, file, imported] of OFFENCES) {
    it(`${rule} refuses ${imported} in ${file}`, () => {
      const found = violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)
      expect(found).to.include(rule)
    })
  }

  for (const [file, imported] of ALLOWED) {
    it(`allow ${imported} in ${file}`, () => {
      expect(violations.filter(({ from }) => from === file)).to.deep.equal([])
    })
  }

  it('are all tried here', () => {
    const rules = createRequire(__filename)(join(ROOT, '.dependency-cruiser.cjs')).forbidden as Array<{ name: string }>
    expect(rules.map(({ name }) => name)).to.have.members([...new Set(OFFENCES.map(([rule]) => rule))])
  })

  it('know every package', () => {
    expect(OFFENCES.map(([rule]) => rule)).to.include.members(PACKAGES.map((name) => `package-${name}`))
  })
})

function files(): Record<string, string> {
  const imports = [...OFFENCES.map(([, file, imported]) => [file, imported] as const), ...ALLOWED]
  return {
    ...Object.fromEntries(PACKAGES.flatMap(packageFiles)),
    ...Object.fromEntries(['contract', 'address', 'envelope', 'base'].map(roomOf('streamer-connector'))),
    ...Object.fromEntries(
      ['options', 'storage', 'format', 'manifest', 'read', 'query', 'verify', 'keep'].map(roomOf('streamers-lake'))
    ),
    ...Object.fromEntries(
      CONNECTORS.flatMap(([name, client]) =>
        ['options', 'wire', client, 'produce', 'consume', 'operate'].map(roomOf(name))
      )
    ),
    ...Object.fromEntries(
      ['timing', 'state', 'publish', 'receive', 'observe', 'declare', 'runtime', 'booster', 'entries'].map(
        roomOf('streamers')
      )
    ),
    ...Object.fromEntries(
      LAYERS.flatMap(([, layer, ...beside]) =>
        beside.map((name) => [
          `packages/${dirname(layer)}/${name === 'index' ? name : `${name}/index`}.ts`,
          'export {}',
        ])
      )
    ),
    'package.json': manifest('tree'),
    'examples/app/src/index.ts': 'export {}',
    'test/support/inner.ts': 'export {}',
    ...Object.fromEntries(['chaos', 'bench', 'scripts', 'test'].map((name) => [`${name}/c.ts`, "import './b'"])),
    'packages/streamers/src/state/inner.ts': 'export {}',
    ...Object.fromEntries(CONNECTORS.map(([name]) => [`packages/${name}/src/consume/inner.ts`, 'export {}'])),
    'packages/kafka-streamer/src/client/inner.ts': 'export {}',
    'packages/streamers/src/e.ts': "import './d'",
    ...Object.fromEntries(['core', 'types'].flatMap((name) => dependency(`@boostercloud/framework-${name}`))),
    ...Object.fromEntries(['for-development', 'undeclared'].flatMap(dependency)),
    // Only what is used for its value is an import at run time.
    ...Object.fromEntries(
      imports.map(([file, imported]) => [file, `import * as it from '${imported}'\nexport const that = it\n`])
    ),
  }
}

function packageFiles(name: string): Array<[string, string]> {
  return [
    [`packages/${name}/package.json`, manifest(`@boostercloud/${name}`)],
    [`packages/${name}/src/index.ts`, 'export {}'],
    [`packages/${name}/dist/index.js`, ''],
    [`packages/${name}/dist/inner.js`, ''],
  ]
}

function roomOf(name: string) {
  return (room: string): [string, string] => [`packages/${name}/src/${room}/index.ts`, 'export {}']
}

function dependency(name: string): Array<[string, string]> {
  return [
    [`node_modules/${name}/package.json`, manifest(name)],
    [`node_modules/${name}/dist/index.js`, ''],
    [`node_modules/${name}/dist/inner.js`, ''],
  ]
}

function manifest(name: string): string {
  const peerDependencies = { '@boostercloud/framework-core': '*', '@boostercloud/framework-types': '*' }
  const dependencies = Object.fromEntries(PACKAGES.map((one) => [`@boostercloud/${one}`, '*']))
  return JSON.stringify({
    name,
    version: '1.0.0',
    main: 'dist/index.js',
    dependencies,
    peerDependencies,
    devDependencies: { 'for-development': '*' },
  })
}
