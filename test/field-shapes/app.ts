import { COMPILED_IMPORTS, COMPILED_TYPES, OTHER_FILES } from './compiled-types'
import { PREAMBLE } from './preamble'
import type { Shape } from './shapes/shape'
import { SHAPES } from './table'

/** The name of a shape's event class. */
export function className(index: number): string {
  return `Shape${index + 1}`
}

/** A service with an event class and a handler for each shape. The handlers tell how they see the field. */
export function shapesApp(): Readonly<Record<string, string>> {
  return {
    'src/index.ts': `export { Booster, boosterEventDispatcher } from '@boostercloud/framework-core'
import { Booster } from '@boostercloud/framework-core'
Booster.start(__dirname)
`,
    'src/config.ts': `import { Booster } from '@boostercloud/framework-core'
import { LocalStreamer } from '@boostercloud/local-streamer'
Booster.configure('local', (config) => {
  config.appName = 'shapes'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.streamers = { main: LocalStreamer.with({ path: 'main' }) }
})
`,
    ...OTHER_FILES,
    'src/events.ts': `${COMPILED_IMPORTS}${PREAMBLE}${COMPILED_TYPES}\n${SHAPES.map(eventClass).join('\n')}`,
    'src/handlers.ts': `import { EventHandler } from '@boostercloud/streamers'
import { Register } from '@boostercloud/framework-types'
import * as events from './events'

const seen = (field: string) => (event: object): void => {
  (globalThis as { seen?: unknown }).seen = (event as Record<string, unknown>)[field]
}
${SHAPES.map(handler).join('\n')}`,
  }
}

function eventClass({ type, body = `readonly value!: ${type}`, extending = '' }: Shape, index: number): string {
  return `export class ${className(index)} ${extending} {
  ${body}
  public entityID(): UUID { return 'shape' }
}
`
}

function handler({ field = 'value' }: Shape, index: number): string {
  const event = className(index)
  return `@EventHandler({ eventType: events.${event}, streamedFrom: 'main/${event}' })
export class Handles${event} {
  public static async handle(event: events.${event}, register: Register): Promise<void> {
    void register
    seen(${JSON.stringify(field)})(event)
  }
}
`
}
