import { runTypeScript } from './lib/run'
import { built } from './lib/steps'

/** `npm run chaos`; chaos/options.ts has its options. */
export async function main(args: readonly string[]): Promise<void> {
  await built(() => runTypeScript('chaos/main.ts', args))
}
