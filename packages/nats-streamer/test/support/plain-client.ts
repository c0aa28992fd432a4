import { headers } from '@nats-io/nats-core'
import type { NatsConnection } from '@nats-io/nats-core'
import { connect } from '@nats-io/transport-node'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { JetStreamManager } from '@nats-io/jetstream'

/** A connection of a program that knows nothing of us. The address may have a user and a password. */
export async function connectPlainly(url: string): Promise<NatsConnection> {
  const { host, username, password } = new URL(url)
  return connect({ servers: host, user: decodeURIComponent(username), pass: decodeURIComponent(password) })
}

/** Publishes to a subject of a stream as such a program does. */
export async function publishPlainly(
  url: string,
  subject: string,
  body: Uint8Array,
  given: Readonly<Record<string, string>> = {}
): Promise<void> {
  const connection = await connectPlainly(url)
  try {
    const written = headers()
    for (const [name, value] of Object.entries(given)) written.append(name, value)
    await jetstream(connection).publish(subject, body, { headers: written })
  } finally {
    await connection.close()
  }
}

/** Does something by JetStream's API, as an operator does. */
export async function operate<T>(url: string, act: (api: JetStreamManager) => Promise<T>): Promise<T> {
  const connection = await connectPlainly(url)
  try {
    return await act(await jetstreamManager(connection))
  } finally {
    await connection.close()
  }
}
