import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/**
 * A server on a port of 127.0.0.1 that takes connections, reads what comes, and never answers. What is to end within its limit against it must give
 * its connections up by itself.
 * @public
 */
export class SilentServer {
  private readonly open = new Set<Socket>()
  private seen = 0

  private constructor(private readonly server: Server) {}

  /** Starts one on a free port. */
  public static async listen(): Promise<SilentServer> {
    const server = createServer()
    const silent = new SilentServer(server)
    server.on('connection', (socket) => silent.take(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return silent
  }

  /** Where clients connect. */
  public get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Connections that are there. */
  public get connections(): number {
    return this.open.size
  }

  /** Connections that there have been. */
  public get connectionsSeen(): number {
    return this.seen
  }

  /** Cuts what is there, and listens no more. */
  public async close(): Promise<void> {
    for (const socket of this.open) socket.destroy()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }

  private take(socket: Socket): void {
    this.seen += 1
    this.open.add(socket)
    // A client that gives up may reset: that it is gone is told by the close.
    socket.on('error', () => undefined)
    socket.on('close', () => this.open.delete(socket))
    socket.resume()
  }
}
