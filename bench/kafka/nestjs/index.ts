import 'reflect-metadata'
import { Controller, Inject, Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ClientsModule, EventPattern, KafkaRetriableException, Payload, Transport } from '@nestjs/microservices'
import type { ClientKafka } from '@nestjs/microservices'
import { firstValueFrom } from 'rxjs'
import type { Consumer, Contender, Handle, Producer, Target } from '../../measure/contender'
import type { Measured, Received } from '../../measure/workload'
import { ACKS } from '../settings'

/**
 * NestJS microservices as https://docs.nestjs.com/microservices/kafka shows them: every event emitted by itself. NestJS is ES modules, and so
 * this folder is: loaded as CommonJS it would be there twice, and not know its own exceptions.
 */
export const emit: Contender = {
  produce: (target) =>
    produce(target, (client, events) =>
      Promise.all(events.map((event) => firstValueFrom(client.emit(target.topic, keyed(event)))))
    ),
  consume,
}

/** The same with `emitBatch`. */
export const emitBatch: Contender = {
  produce: (target) =>
    produce(target, (client, events) =>
      firstValueFrom(client.emitBatch(target.topic, { messages: events.map(keyed) }))
    ),
  consume,
}

async function produce(
  { broker }: Target,
  publish: (client: ClientKafka, events: readonly Measured[]) => Promise<unknown>
): Promise<Producer> {
  const options = { client: { clientId: 'bench', brokers: [broker] }, send: { acks: ACKS }, producerOnlyMode: true }

  @Injectable()
  class Publisher {
    public constructor(@Inject('KAFKA') public readonly client: ClientKafka) {}
  }
  @Module({
    imports: [ClientsModule.register([{ name: 'KAFKA', transport: Transport.KAFKA, options }])],
    providers: [Publisher],
  })
  class App {}

  const app = await NestFactory.createApplicationContext(App, { logger: false })
  const { client } = app.get(Publisher)
  await client.connect()
  return { publish: async (events) => void (await publish(client, events)), close: () => app.close() }
}

/** A handler that fails throws what makes NestJS hand the event over again; any other error it logs, and goes on. */
async function consume({ broker, topic, group }: Target, handle: Handle): Promise<Consumer> {
  @Controller()
  class Handlers {
    @EventPattern(topic)
    public async on(@Payload() event: object): Promise<void> {
      await handle(event as Received).catch((error: Error) => {
        throw new KafkaRetriableException(error.message)
      })
    }
  }
  @Module({ controllers: [Handlers] })
  class App {}
  const client = { clientId: 'bench', brokers: [broker] }
  const options = { client, consumer: { groupId: group }, subscribe: { fromBeginning: true } }
  const app = await NestFactory.createMicroservice(App, { transport: Transport.KAFKA, options, logger: false })
  await app.listen()
  return { close: () => app.close() }
}

function keyed({ entity, n, sentAt, text }: Measured): { key: string; value: object } {
  return { key: entity, value: { entity, n, sentAt, text } }
}
