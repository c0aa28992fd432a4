import { TcpProxy, startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServerFault } from './fault'
import { happensInTime } from './patience'
import type { Sending } from './patience'
import { freePorts } from './ports'
import type { ChaosServerKind, RequestKind } from './server-kind'
import { until } from './until'

/** Milliseconds in which services are connected, if they ever are. */
const CONNECTED_MS = 20_000

/** A server of a run, one for all of it, and the proxy by which the services come to it. */
export class ChaosServer {
  private constructor(
    private readonly kind: ChaosServerKind,
    private readonly server: Server,
    private readonly proxy: TcpProxy,
    private readonly port: number
  ) {}

  /** Resolves when it answers. Rejects with `PACKAGE_MISSING` where it cannot be had. */
  public static async start(kind: ChaosServerKind): Promise<ChaosServer> {
    const [port] = await freePorts(1)
    const proxy = await TcpProxy.to({ port })
    try {
      const server = await startServer(kind.broker, {
        // One that the environment names is not ours to kill.
        ways: ['container', 'installed', 'fetched'],
        port,
        settings: kind.settings(proxy.port),
      })
      const chaosServer = new ChaosServer(kind, server, proxy, port)
      await kind.prepare?.(chaosServer.url)
      return chaosServer
    } catch (error) {
      await proxy.close()
      throw error
    }
  }

  /** Where it is for who is to meet none of its misfortune but its death. */
  public get directUrl(): string {
    return this.server.url
  }

  /** Where services find it. */
  public get url(): string {
    return this.server.url.replace(`:${this.port}`, `:${this.proxy.port}`)
  }

  public async stop(): Promise<void> {
    await this.proxy.close()
    await this.server.stop()
  }

  /** Brings a fault upon it, and resolves when it is over: with whether it came about. */
  public async suffer(fault: ServerFault, client: Sending): Promise<boolean> {
    const isMet = await until(() => this.proxy.connections > 0, CONNECTED_MS)
    if (fault.do === 'kill') await this.die(fault.afterMs, fault.downMs)
    else if (fault.do === 'stall') await this.stall(fault.forMs)
    else if (fault.do === 'lose-answer') return this.loseAnswer(fault.to, client)
    else await this.disturb(fault)
    return isMet
  }

  private async die(afterMs: number, downMs: number): Promise<void> {
    await pause(afterMs)
    await this.server.kill()
    await pause(downMs)
    await this.server.restart()
  }

  private async stall(forMs: number): Promise<void> {
    await this.server.stall()
    await pause(forMs)
    await this.server.goOn()
  }

  private async loseAnswer(to: RequestKind, client: Sending): Promise<boolean> {
    const isLost = await happensInTime(this.proxy.loseNextAnswer(this.kind.isRequest[to]), client)
    this.proxy.heal()
    return isLost
  }

  private async disturb(fault: Extract<ServerFault, { do: 'cut' | 'delay' | 'half-open' }>): Promise<void> {
    const { proxy } = this
    if (fault.do === 'cut') proxy.cut()
    else if (fault.do === 'delay') proxy.delay(fault.byMs)
    else proxy.swallow(...(fault.lost === 'both' ? [] : [fault.lost]))
    if (fault.do !== 'cut') await pause(fault.forMs)
    proxy.heal()
  }
}
