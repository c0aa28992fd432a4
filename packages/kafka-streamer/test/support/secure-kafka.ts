import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'

const run = promisify(execFile)

/** A real Kafka that serves the same by TLS, and by TLS with SASL, to whom it knows; with rights of its users. */
export class SecureKafka {
  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    /** Where each listener is. */
    public readonly brokers: { readonly plain: string; readonly tls: string; readonly sasl: string },
    /** The certificate of the authority, PEM. */
    public readonly ca: string
  ) {}

  /** Started with a certificate made for it by openssl, and with `users` for SASL PLAIN; those of `scram` are made afterwards. */
  public static async start(users: Readonly<Record<string, string>>): Promise<SecureKafka> {
    const folder = await mkdtemp(join(tmpdir(), 'kafka-tls-'))
    try {
      const [plain, tls, sasl, controller] = await freePorts(4)
      const pem = await certificate(folder)
      const settings = settingsOf({ plain, tls, sasl, controller }, pem, users)
      const server = await startServer('kafka', { settings, port: plain, ways: ['installed', 'fetched'] })
      const at = (port: number): string => `127.0.0.1:${port}`
      return new SecureKafka(server, folder, { plain: at(plain), tls: at(tls), sasl: at(sasl) }, pem.certificate)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Gives a user a password for a mechanism. */
  public async addScram(mechanism: string, user: string, password: string): Promise<void> {
    await this.configure([
      '--alter',
      '--entity-type',
      'users',
      '--entity-name',
      user,
      '--add-config',
      `${mechanism}=[password=${password}]`,
    ])
  }

  /** As by `kill -9`. */
  public kill(): Promise<void> {
    return this.server.kill()
  }

  /** With what it had, at the same ports. */
  public restart(): Promise<void> {
    return this.server.restart()
  }

  public async stop(): Promise<void> {
    await this.server.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  private async configure(args: readonly string[]): Promise<void> {
    const { kind } = this.server
    const libraries = (await kind.installed()) ?? (await kind.fetched())
    const java = ['-XX:TieredStopAtLevel=1', '-cp', `${libraries}/*`, 'kafka.admin.ConfigCommand']
    await run('java', [...java, '--bootstrap-server', this.brokers.plain, ...args])
  }
}

interface Pem {
  readonly certificate: string
  readonly key: string
}

async function certificate(folder: string): Promise<Pem> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2']
  await writeFile(key, '', { mode: 0o600 })
  await run('openssl', ['req', '-x509', ...made, ...subject])
  return { certificate: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
}

type Ports = Readonly<Record<'plain' | 'tls' | 'sasl' | 'controller', number>>

function settingsOf(ports: Ports, pem: Pem, users: Readonly<Record<string, string>>): Record<string, string> {
  const { plain, tls, sasl, controller } = ports
  const clients = `PLAINTEXT://127.0.0.1:${plain},SSL://127.0.0.1:${tls},SASL_SSL://127.0.0.1:${sasl}`
  const oneLine = (text: string): string => text.trim().replaceAll('\n', '\\n')
  const known = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`)
  const module = 'org.apache.kafka.common.security'
  return {
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    listeners: `${clients},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `${clients},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': oneLine(pem.certificate),
    'ssl.keystore.key': oneLine(pem.key),
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required${known.join('')};`,
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    // Clients authenticate again on open connections: kafkajs does so ten seconds before this is over.
    'listener.name.sasl_ssl.scram-sha-512.connections.max.reauth.ms': '12000',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:admin',
  }
}

async function freePorts(count: number): Promise<[number, number, number, number]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports] as [number, number, number, number]
}
