import { ChildProcess } from '../demo/processes.mjs'

/**
 * Starts a service without Booster, by its program with arguments; `onLine` is given each line of JSON that it tells. `listening` resolves
 * when it has said that it listens.
 */
export function startForeignService(name, program, { workspace, onLine }) {
  let listens
  const listening = new Promise((resolve) => (listens = resolve))
  const service = new ChildProcess(name, program, {
    cwd: workspace.folder,
    env: { ...process.env, ...workspace.settings },
    onLine: (text) => {
      if (!text.startsWith('{')) return false
      const line = JSON.parse(text)
      if (line.listening) listens()
      onLine?.(line)
      return true
    },
  })
  return Object.assign(service, { listening })
}
