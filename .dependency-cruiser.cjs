/**
 * The architecture, as rules. A package may import those of its list, a room those before it, and both are entered by their
 * index only. test/architecture.test.ts shows that every rule can fail.
 */

const { existsSync, readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')

/** Package (its folder) → the packages it may import. A package that is missing here may import none. */
const PACKAGES = {
  'streamer-connector': [],
  'streamer-sqlite': ['streamer-connector'],
  'local-streamer': ['streamer-connector', 'streamer-sqlite'],
  'nats-streamer': ['streamer-connector'],
  'kafka-streamer': ['streamer-connector'],
  'rabbitmq-streamer': ['streamer-connector'],
  'eventbridge-streamer': ['streamer-connector'],
  'schema-registry-codec': ['streamer-connector'],
  'dev-brokers': ['streamer-connector'],
  'streamer-testkit': ['streamer-connector', 'streamers'],
  streamers: ['streamer-connector', 'streamer-sqlite'],
  'streamers-postgres': ['streamer-connector', 'streamers'],
  'streamers-aws': ['streamer-connector', 'streamers'],
  'streamers-lake': ['streamer-connector'],
  'framework-provider-sql': ['streamer-connector', 'streamer-sqlite', 'streamers', 'streamers-postgres'],
  'streamers-cli': [
    'streamer-connector',
    'streamer-sqlite',
    'local-streamer',
    'streamers',
    'streamers-lake',
    'dev-brokers',
    'schema-registry-codec',
  ],
}

/**
 * The rooms of every connector: `client` is what it talks to its broker by (`log` in the embedded one), and what is made in the broker; it stands behind the ways in
 * and out, `produce` and `consume`. What is done beside those, by people or now and then, is in `operate`.
 */
const connectorRooms = (client) => ({
  options: [],
  wire: ['options'],
  [client]: ['options', 'wire'],
  produce: ['options', 'wire', client],
  consume: ['options', 'wire', client],
  operate: ['options', 'wire', client, 'produce', 'consume'],
})

/** Room (a folder of a package's src) → the rooms it may import, from the innermost out. */
const ROOMS = {
  'streamer-connector': {
    contract: [],
    address: ['contract'],
    envelope: ['contract', 'address'],
    base: ['contract', 'address', 'envelope', 'timing'],
    options: ['contract', 'envelope'],
    serve: [],
    timing: [],
  },
  'streamers-lake': {
    options: [],
    storage: [],
    format: [],
    manifest: ['storage', 'format'],
    read: ['storage', 'format', 'manifest'],
    query: ['storage', 'format', 'manifest'],
    verify: ['storage', 'format', 'manifest'],
    replay: ['format', 'manifest'],
    record: ['options', 'format', 'manifest'],
    keep: ['storage', 'format', 'manifest', 'read'],
  },
  'local-streamer': connectorRooms('log'),
  'nats-streamer': connectorRooms('client'),
  'kafka-streamer': connectorRooms('client'),
  'rabbitmq-streamer': connectorRooms('client'),
  'eventbridge-streamer': connectorRooms('client'),
  streamers: {
    timing: [],
    state: ['timing'],
    publish: ['timing', 'state'],
    receive: ['timing', 'state'],
    timers: ['timing', 'state'],
    observe: ['timing', 'state', 'publish', 'receive'],
    declare: ['timing', 'state', 'publish', 'receive', 'observe'],
    runtime: ['timing', 'state', 'publish', 'receive', 'timers', 'observe', 'declare'],
    booster: ['timing', 'state', 'publish', 'receive', 'timers', 'observe', 'declare', 'runtime'],
    entries: ['timing', 'state', 'publish', 'receive', 'timers', 'observe', 'declare', 'runtime', 'booster'],
  },
}

/**
 * Folder → the folders in it that are layers → the layers that each may import, from the innermost out. A layer imports no file that
 * stands beside it.
 */
const LAYERS = {
  'streamers-cli/src': {
    terminal: [],
    app: ['terminal'],
    kept: ['terminal', 'app'],
    status: ['terminal', 'app', 'kept'],
  },
  'streamers-cli/src/inspect': { compiler: [], service: ['compiler'], topology: ['service'] },
  'streamers-aws/src/state': {
    table: [],
    commit: ['table'],
    queries: ['table', 'commit'],
    move: ['table', 'commit', 'queries'],
  },
  'streamers/src/booster': { fields: [], migrations: ['compatibility', 'fields'] },
}

const COMPAT =
  '^packages/((streamers/src/booster|framework-provider-sql/src)/compatibility/|streamers/test/support/newer-core[.]cjs$)'

/** An alternative of folder names, each with its slash, or a pattern that matches nothing. */
const anyOf = (names) => (names.length === 0 ? '(?!)' : `(${names.join('|')})/`)

/** What the packages export, as a pattern of the files behind it: of each package those that its `exports` name. */
const EXPORTED = readdirSync(join(__dirname, 'packages'))
  .filter((name) => existsSync(join(__dirname, 'packages', name, 'package.json')))
  .flatMap((name) => {
    const { exports } = JSON.parse(readFileSync(join(__dirname, 'packages', name, 'package.json'), 'utf8'))
    const files = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [] : Object.values(target)))
    return files.map((file) => `^packages/${name}/${file.replace('./', '').replaceAll('.', '[.]')}$`)
  })

const packageRules = Object.entries(PACKAGES).map(([name, allowed]) => ({
  name: `package-${name}`,
  severity: 'error',
  comment: `${name} may import ${allowed.join(', ') || 'no package of this repository'}.`,
  from: { path: `^packages/${name}/src/` },
  to: { path: '^packages/', pathNot: `^packages/${anyOf([name, ...allowed])}` },
}))

const roomRules = Object.entries(ROOMS).flatMap(([name, rooms]) =>
  Object.entries(rooms).map(([room, allowed]) => ({
    name: `room-${name}-${room}`,
    severity: 'error',
    comment: `The room ${room} may import ${allowed.join(', ') || 'no other room'}: imports point inwards.`,
    from: { path: `^packages/${name}/src/${room}/` },
    to: { path: `^packages/${name}/src/`, pathNot: `^packages/${name}/src/${anyOf([room, ...allowed])}` },
  }))
)

const layerRules = Object.entries(LAYERS).flatMap(([folder, layers]) =>
  Object.entries(layers).map(([layer, allowed]) => ({
    name: `layer-${folder.replaceAll('/', '-')}-${layer}`,
    severity: 'error',
    comment: `Of what stands beside ${layer}, it may import ${allowed.join(', ') || 'nothing'}.`,
    from: { path: `^packages/${folder}/${layer}/` },
    to: { path: `^packages/${folder}/`, pathNot: `^packages/${folder}/${anyOf([layer, ...allowed])}` },
  }))
)

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...packageRules,
    ...roomRules,
    ...layerRules,
    {
      name: 'package-known',
      severity: 'error',
      comment: 'Every package has its list above.',
      from: { path: '^packages/[^/]+/src/', pathNot: `^packages/${anyOf(Object.keys(PACKAGES))}` },
      to: {},
    },
    {
      name: 'room-known',
      severity: 'error',
      comment: 'Every room of a package that has rooms has its list above.',
      from: {
        path: `^packages/${anyOf(Object.keys(ROOMS))}src/[^/]+/`,
        pathNot: Object.entries(ROOMS).map(([name, rooms]) => `^packages/${name}/src/${anyOf(Object.keys(rooms))}`),
      },
      to: {},
    },
    {
      name: 'room-by-its-index',
      severity: 'error',
      comment: "Another room is entered by its index: '../state', not '../state/records'.",
      from: { path: `^packages/${anyOf(Object.keys(ROOMS))}src/([^/]+)/` },
      to: {
        path: '^packages/$1/src/[^/]+/',
        pathNot: ['^packages/$1/src/$2/', '^packages/[^/]+/src/[^/]+/index[.]ts$'],
      },
    },
    {
      name: 'package-by-its-name',
      severity: 'error',
      comment: 'Another package is imported by its npm name, never by a path into its folders.',
      from: { path: '^(packages|examples)/([^/]+)/', pathNot: '^packages/[^/]+/test/' },
      to: { path: '^packages/', pathNot: ['^$1/$2/', ...EXPORTED] },
    },
    {
      name: 'package-by-its-name-in-tests',
      severity: 'error',
      comment: "A test may share another package's test support, which no package publishes; nothing else by a path.",
      from: { path: '^packages/([^/]+)/test/' },
      to: {
        path: '^packages/',
        pathNot: ['^packages/$1/', '^packages/[^/]+/test/', ...EXPORTED],
      },
    },
    {
      name: 'package-by-its-name-in-chaos',
      severity: 'error',
      comment: "What drives services from outside imports packages as an app does; test support is everybody's.",
      from: { path: '^chaos/' },
      to: { path: '^packages/', pathNot: ['^packages/[^/]+/test/', ...EXPORTED] },
    },
    {
      name: 'no-test-in-tools',
      severity: 'error',
      comment: 'Tests stand outside: nothing that is run without them needs them.',
      from: { path: '^(chaos|bench|scripts)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-package-before-it-is-built',
      severity: 'error',
      comment:
        'On a fresh clone these scripts are loaded before they build the packages, which they may import only when they need them.',
      from: { path: '^scripts/(lib/|words/|[^/]+$)' },
      to: { path: ['^packages/', 'node_modules/@boostercloud/'], dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-example-in-a-package',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^examples/' },
    },
    {
      name: 'framework-in-booster-room-only',
      severity: 'error',
      comment:
        'The room booster/ of streamers, the provider, and the command are all that may import the framework; its types are free.',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: ['^packages/streamers/src/booster/', '^packages/(framework-provider-sql|streamers-cli)/'],
      },
      to: { path: 'node_modules/@boostercloud/framework-', pathNot: 'node_modules/@boostercloud/framework-types/' },
    },
    {
      name: 'framework-types-as-types-only',
      severity: 'error',
      comment: 'A connector runs without Booster.',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/(framework-provider-sql|streamers|streamers-cli)/' },
      to: { path: 'node_modules/@boostercloud/framework-types/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'framework-internals-in-compat-only',
      severity: 'error',
      comment:
        'What differs between versions of Booster stands in one room of a package, and in the fixture that behaves as a newer one.',
      from: { path: '^(packages|examples)/', pathNot: COMPAT },
      to: { path: 'node_modules/@boostercloud/[^/]+/dist/(?!index[.](js|d[.]ts)$)' },
    },
    {
      name: 'no-dev-dependency-in-src',
      severity: 'error',
      comment: 'What src imports is a dependency or a peer.',
      from: { path: '^packages/[^/]+/src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
      },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '/src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default'],
    },
  },
}
