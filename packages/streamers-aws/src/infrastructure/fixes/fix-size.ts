import type { LambdaModule } from './booster-stack'

/**
 * What no function reads: declarations, maps of sources, pages, and what the AWS SDK has for browsers. Patterns as `.gitignore` has them.
 * @internal
 */
export const LEFT_OUT: readonly string[] = [
  '*.d.ts',
  '*.d.mts',
  '*.d.cts',
  '*.map',
  '*.md',
  'node_modules/.cache',
  'node_modules/@types',
  'node_modules/aws-sdk/dist',
  'node_modules/aws-sdk/dist-tools',
]

/**
 * A function's code may be 250 MB, and the production packages of a Booster app are more than that: 266 MB, of which these patterns are 130.
 * Booster takes the whole folder; from now on what it takes in this process is without them. Answers how to undo that. Can go when Booster's stacks
 * leave something out themselves.
 */
export function fixSize(lambda: LambdaModule, patterns: readonly string[]): () => void {
  const { Code } = lambda
  const whole = Object.getOwnPropertyDescriptor(Code, 'fromAsset')
  const fromAsset = Code.fromAsset
  Object.defineProperty(Code, 'fromAsset', {
    ...whole,
    value: (path: string, options: Parameters<typeof fromAsset>[1] = {}) =>
      fromAsset.call(Code, path, { ...options, exclude: [...(options.exclude ?? []), ...patterns] }),
  })
  return () => {
    if (whole) Object.defineProperty(Code, 'fromAsset', whole)
  }
}
