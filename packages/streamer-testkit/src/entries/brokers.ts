export * from '../brokers'
export { TcpProxy } from '../faults/tcp-proxy'
export type { Direction } from '../faults/tcp-proxy'
