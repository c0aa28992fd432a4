import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { BoosterApp } from '../support/booster-app'

const INDEX = `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterServeGraphQL } from '@boostercloud/framework-core'
Booster.start(__dirname)
`
const CONFIG = `import { Booster } from '@boostercloud/framework-core'
import { LocalStreamer } from '@boostercloud/local-streamer'
Booster.configure('local', (config) => {
  config.appName = 'boot'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.streamers = { main: LocalStreamer.with({ path: 'log' }) }
})
`
const eventFile = (decorator: string): string => `import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'
${decorator}
export class PostCreated {
  public constructor(readonly postId: UUID) {}
  public entityID(): UUID {
    return this.postId
  }
}
`
const boot = join(__dirname, 'boot.cjs')

/** What an app says when it is loaded as Booster's own command does, and what it left behind. */
async function bootOf(files: Record<string, string>): Promise<{ code: number | null; said: string; touched: boolean }> {
  const app = await BoosterApp.build(files)
  try {
    const said: string[] = []
    const child = await app.run(boot, [], (line) => said.push(line))
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    const touched = existsSync(join(app.folder, 'log')) || existsSync(join(app.folder, '.booster', 'streamers'))
    return { code, said: said.join('\n'), touched }
  } finally {
    await app.remove()
  }
}

describe('boot', function () {
  this.timeout(60_000)

  it('stops at a wrong address, before anything connects, with class, file and hint', async () => {
    const { code, said, touched } = await bootOf({
      'src/index.ts': INDEX,
      'src/config.ts': CONFIG,
      'src/events/post-created.ts': eventFile(`@Event({ streamTo: 'mian/posts' })`),
    })
    expect(code, said).to.equal(1)
    expect(said).to.contain('STREAMER_UNKNOWN').and.contain("Did you mean 'main'?")
    expect(said).to.match(/class PostCreated \(.*dist\/events\/post-created\.js:\d+\)/)
    expect(touched).to.equal(false)
  })

  it('stops on a provider that never starts a service, with what works', async () => {
    const { code, said, touched } = await bootOf({
      'src/index.ts': INDEX,
      'src/config.ts': CONFIG.replace('framework-provider-local', 'framework-provider-azure'),
      'src/events/post-created.ts': eventFile(`@Event({ streamTo: 'main/posts' })`),
    })
    expect(code, said).to.equal(1)
    expect(said).to.contain('[OPTION_INVALID]').and.contain('@boostercloud/framework-provider-azure')
    expect(said).to.contain('boost-streamers worker')
    expect(touched).to.equal(false)
  })

  it("leaves an app alone that uses Booster's own decorators only, from here or from there", async () => {
    const { code, said, touched } = await bootOf({
      'src/index.ts': INDEX,
      'src/config.ts': CONFIG.replace('  config.streamers', '  // config.streamers'),
      'src/events/post-created.ts': eventFile('@Event'),
      'src/events/post-deleted.ts': eventFile('@Event')
        .replace('PostCreated', 'PostDeleted')
        .replace('@boostercloud/streamers', '@boostercloud/framework-core'),
      'src/handler.ts': `import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { PostCreated } from './events/post-created'
@EventHandler(PostCreated)
export class Handles {
  public static async handle(event: PostCreated, register: Register): Promise<void> {
    void event
    void register
  }
}
`,
    })
    expect(code, said).to.equal(0)
    expect(JSON.parse(said.split('\n').find((line) => line.startsWith('{')) ?? '{}')).to.deep.equal({
      events: ['PostCreated', 'PostDeleted'],
      handlers: { PostCreated: ['Handles'] },
      ownStore: true,
      ownInfrastructure: true,
    })
    expect(touched).to.equal(false)
  })
})
