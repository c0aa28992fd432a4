import { fileURLToPath } from 'node:url'

/** Files that stand between a decorator and the class it decorates. */
const BETWEEN =
  /[\\/](?:node_modules[\\/](?:tslib|reflect-metadata)[\\/]|streamers[\\/](?:dist|src)[\\/])|^node:|\(<anonymous>\)/

/** `class PostCreated (dist/events/post-created.js:12)`: where a decorator was applied, as far as the call stack tells. */
export function declaredAt(name: string): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1)
  for (const frame of frames) {
    const place = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(frame)
    if (place && !BETWEEN.test(place[1])) return `class ${name} (${fileName(place[1])}:${place[2]})`
  }
  return `class ${name}`
}

function fileName(path: string): string {
  return path.startsWith('file://') ? fileURLToPath(path) : path
}
