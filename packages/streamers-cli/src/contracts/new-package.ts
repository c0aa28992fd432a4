import { StreamerError } from '@boostercloud/streamer-connector'
import { POSTBUILD } from '../app/manifest'
import { className, fileName } from './names'
import { streamersModule, topicOf } from './streamers-module'

/** What a new contract begins with. */
export interface NewContract {
  /** The package's name, as `@acme/orders-contract`. */
  readonly name: string
  /** The first event's class. */
  readonly event: string
  /** The first topic, as `main/orders`. */
  readonly address: string
}

/** What npm takes for a name (https://docs.npmjs.com/cli/configuring-npm/package-json#name). */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/** Versions that the package begins with: those that this command was made with. */
export interface Versions {
  readonly streamers: string
  readonly booster: string
}

/** The files of a new contract's package, by their paths. Throws `OPTION_INVALID` for names that cannot be. */
export function newContract(contract: NewContract, versions: Versions): Readonly<Record<string, string>> {
  const { name, address } = contract
  if (!PACKAGE_NAME.test(name) || name.length > 214) {
    throw new StreamerError('OPTION_INVALID', `A package cannot be called '${name}'.`, {
      at: 'NAME',
      hint: "Give it a name that npm accepts, in small letters, such as '@acme/orders-contract'.",
    })
  }
  const topic = topicOf(address)
  const event = className(contract.event)
  const module = fileName(event).replace(/\.ts$/, '')
  const parts: Parts = { name, event, module, address }
  return {
    'package.json': manifest(name, versions),
    'tsconfig.json': TSCONFIG,
    'tsconfig.test.json': TSCONFIG_TEST,
    '.gitignore': 'dist\nnode_modules\n',
    'README.md': readme(parts),
    'src/index.ts': `import './streamers'\n\nexport { ${event} } from './${module}'\n`,
    [`src/${module}.ts`]: eventClass(parts),
    'src/streamers.ts': streamersModule(event, { module: `./${module}` }, topic),
    'test/links.ts': links(parts),
  }
}

interface Parts {
  readonly name: string
  readonly event: string
  readonly module: string
  readonly address: string
}

/** The compiler, and what has it run Booster's plugin: from 3.1 on the plugin ends with an error in others than its own, as the older does in newer ones. */
function compilerFor(booster: string): Readonly<Record<'ts-patch' | 'typescript', string>> {
  const [major, minor = 0] = (/\d+(?:\.\d+)?/.exec(booster)?.[0] ?? '2').split('.').map(Number)
  const isNewer = major > 3 || (major === 3 && minor >= 1)
  return isNewer ? { 'ts-patch': '3.3.0', typescript: '5.7.3' } : { 'ts-patch': '3.1.2', typescript: '5.1.6' }
}

function manifest(name: string, { streamers: ours, booster }: Versions): string {
  const content = {
    name,
    version: '0.1.0',
    description: 'What services have agreed on: their events, and what each topic carries',
    main: 'dist/index.js',
    types: 'dist/index.d.ts',
    files: ['dist', 'src', 'tsconfig.json'],
    scripts: {
      build: 'tspc',
      postbuild: POSTBUILD,
      prepack: 'npm run build',
      test: 'npm run build && tsc -p tsconfig.test.json',
    },
    dependencies: { 'reflect-metadata': '0.1.13' },
    peerDependencies: {
      '@boostercloud/framework-types': '^2.10.1 || ^3 || ^4',
      '@boostercloud/streamers': `^${ours}`,
    },
    devDependencies: {
      '@boostercloud/framework-core': booster,
      '@boostercloud/framework-types': booster,
      '@boostercloud/metadata-booster': booster,
      '@boostercloud/streamers': `^${ours}`,
      '@boostercloud/streamers-cli': `^${ours}`,
      ...compilerFor(booster),
    },
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "lib": ["es2022"],
    "module": "commonjs",
    "moduleResolution": "node",
    "esModuleInterop": true,
    "strict": true,
    "experimentalDecorators": true,
    "skipLibCheck": true,
    "declaration": true,
    "sourceMap": true,
    "types": [],
    "rootDir": "src",
    "outDir": "dist",
    "plugins": [{ "transform": "@boostercloud/metadata-booster" }]
  },
  "include": ["src"]
}
`

const TSCONFIG_TEST = `{
  "extends": "./tsconfig.json",
  "compilerOptions": { "rootDir": ".", "noEmit": true },
  "include": ["src", "test"]
}
`

function eventClass({ event }: Parts): string {
  return `import { UUID } from '@boostercloud/framework-types'

/** Describe here what has happened. */
export class ${event} {
  public constructor(readonly id: UUID) {}

  public entityID(): UUID {
    return this.id
  }
}
`
}

function links({ event, address }: Parts): string {
  const known = `'${address.replace(/['\\]/g, '\\$&')}'`
  return `import { Event, EventHandler } from '@boostercloud/streamers'
import { ${event} } from '../src'

// This file is only compiled: the compiler accepts what is allowed, and refuses the rest.
Event({ streamTo: ${known} })(${event})

EventHandler({ eventType: ${event}, streamedFrom: ${known} })(
  class {
    public static async handle(event: ${event}): Promise<void> {
      event.entityID()
    }
  }
)

// @ts-expect-error There is no such topic.
Event({ streamTo: 'nowhere/at-all' })

class OfNoTopic {
  public constructor(readonly isNoEventOfThis: boolean) {}

  public entityID(): string {
    return String(this.isNoEventOfThis)
  }
}

// @ts-expect-error The topic does not carry this event.
EventHandler({ eventType: OfNoTopic, streamedFrom: ${known} })
`
}

function readme({ name, event, address }: Parts): string {
  return `# ${name}

What services have agreed on: their events, and what each topic carries (\`src/streamers.ts\`). A service that depends on this package
does not compile if its links are different.

\`\`\`sh
npm install
npm test        # builds it, and checks that the compiler refuses what is not agreed on
\`\`\`

Each build also writes the schema of every event, and a validator, beside the class (\`dist/*.schema.cjs\`). They are published with it: a service that handles an
event uses them to check it.

The service that publishes makes the event its own:

\`\`\`ts
import * as contract from '${name}'
import { Event } from '@boostercloud/streamers'

@Event({ streamTo: '${address}' })
export class ${event} extends contract.${event} {}
\`\`\`

A service that handles it:

\`\`\`ts
import { ${event} } from '${name}'
import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'

@EventHandler({ eventType: ${event}, streamedFrom: '${address}' })
export class Handles${event} {
  public static async handle({ id }: ${event}, register: Register): Promise<void> {}
}
\`\`\`

A new topic or event is a line in \`src/streamers.ts\` and a class. Before a change is merged, this says whether it breaks somebody:

\`\`\`sh
npx boost-streamers contracts check --against main --services ../services/*
\`\`\`
`
}
