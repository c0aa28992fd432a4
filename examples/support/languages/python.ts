import { join } from 'node:path'
import { step } from '../../../scripts/lib/progress'
import { ROOT, run } from '../../../scripts/lib/run'
import type { Program } from '../child-process'
import { cached } from './cache'
import { ask } from './tools'

const SERVICE = join(ROOT, 'examples/heterogeneous/python')
const REQUIREMENTS = join(SERVICE, 'requirements.txt')
const PYTHON = process.platform === 'win32' ? 'python' : 'python3'
const IN_VENV = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'
const PROBE = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 9); print(sys.version, sys.executable)'
const HINT = 'The service in Python needs Python 3.9 or newer with venv: install python3 and, on Debian, python3-venv.'

/**
 * The service in Python for a broker (`kafka`, `rabbitmq`, `nats`) as a program with its arguments; what it needs is installed if it is
 * not yet. Throws `ToolMissing`.
 */
export async function pythonService(broker: string): Promise<Program> {
  const python = await ask(PYTHON, ['-c', PROBE], HINT)
  const folder = await cached('python', { sources: [REQUIREMENTS], tool: python }, (into) =>
    step('install what examples/heterogeneous/python needs', async () => {
      await run(PYTHON, ['-m', 'venv', into])
      await run(join(into, IN_VENV), [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--require-hashes',
        '--requirement',
        REQUIREMENTS,
      ])
    })
  )
  return [join(folder, IN_VENV), join(SERVICE, `readers_${broker}.py`)]
}
