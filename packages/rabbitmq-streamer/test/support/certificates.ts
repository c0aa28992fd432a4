import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Certificates that openssl has made for a test: of an authority, and by it of a server on this machine and of a client. */
export class Certificates {
  private constructor(private readonly folder: string) {}

  public static async make(): Promise<Certificates> {
    const made = new Certificates(await mkdtemp(join(tmpdir(), 'rabbitmq-tls-')))
    try {
      await made.sign('authority', [])
      const byAuthority = ['-CA', made.file('authority', 'cert'), '-CAkey', made.file('authority', 'key')]
      const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
      await made.sign('server', [...byAuthority, '-addext', names, '-addext', 'basicConstraints=CA:FALSE'])
      await made.sign('client', [...byAuthority, '-addext', 'basicConstraints=CA:FALSE'])
      return made
    } catch (error) {
      await made.remove()
      throw error
    }
  }

  /** The path of one of them, or of its key. */
  public file(whose: 'authority' | 'server' | 'client', what: 'cert' | 'key'): string {
    return join(this.folder, `${whose}-${what}.pem`)
  }

  /** A path in their folder, for what goes with them. */
  public beside(name: string): string {
    return join(this.folder, name)
  }

  /** The same as a text. */
  public pem(whose: 'authority' | 'client', what: 'cert' | 'key'): Promise<string> {
    return readFile(this.file(whose, what), 'utf8')
  }

  public async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  private async sign(whose: 'authority' | 'server' | 'client', by: readonly string[]): Promise<void> {
    const [key, cert] = [this.file(whose, 'key'), this.file(whose, 'cert')]
    const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', `/CN=${whose}`]
    await run('openssl', ['req', '-x509', ...made, ...by])
  }
}
