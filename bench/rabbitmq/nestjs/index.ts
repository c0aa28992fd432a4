import 'reflect-metadata'
import { Controller, Inject, Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ClientsModule, Ctx, EventPattern, Payload, Transport } from '@nestjs/microservices'
import type { ClientRMQ, RmqContext } from '@nestjs/microservices'
import { firstValueFrom } from 'rxjs'
import type { Consumer, Contender, Handle, Producer, Target } from '../../measure/contender'
import type { Measured, Received } from '../../measure/workload'
import { PREFETCH, QUORUM } from '../settings'

/**
 * NestJS microservices as https://docs.nestjs.com/microservices/rabbitmq shows them: every event emitted by itself, and acknowledged by its
 * handler. NestJS is ES modules, and so this folder is: loaded as CommonJS it would be there twice.
 */
export const nestjs: Contender = { produce, consume }

async function produce(target: Target): Promise<Producer> {
  const options = { ...optionsOf(target), persistent: true }

  @Injectable()
  class Publisher {
    public constructor(@Inject('RABBITMQ') public readonly client: ClientRMQ) {}
  }
  @Module({
    imports: [ClientsModule.register([{ name: 'RABBITMQ', transport: Transport.RMQ, options }])],
    providers: [Publisher],
  })
  class App {}

  const app = await NestFactory.createApplicationContext(App, { logger: false })
  const { client } = app.get(Publisher)
  await client.connect()
  const emit = ({ entity, n, sentAt, text }: Measured): Promise<unknown> =>
    firstValueFrom(client.emit(target.topic, { entity, n, sentAt, text }), { defaultValue: undefined })
  return { publish: async (events) => void (await Promise.all(events.map(emit))), close: () => app.close() }
}

/** What fails is given back to the queue: NestJS itself does nothing about it, and the event would be handled by nobody. */
async function consume(target: Target, handle: Handle): Promise<Consumer> {
  @Controller()
  class Handlers {
    @EventPattern(target.topic)
    public async on(@Payload() event: object, @Ctx() context: unknown): Promise<void> {
      const channel = (context as RmqContext).getChannelRef()
      const message = (context as RmqContext).getMessage()
      await handle(event as Received).then(
        () => channel.ack(message),
        () => channel.nack(message)
      )
    }
  }
  @Module({ controllers: [Handlers] })
  class App {}
  const options = { ...optionsOf(target), noAck: false, prefetchCount: PREFETCH }
  const app = await NestFactory.createMicroservice(App, { transport: Transport.RMQ, options, logger: false })
  await app.listen()
  return { close: () => app.close() }
}

function optionsOf({ broker, topic }: Target): { urls: string[]; queue: string; queueOptions: object } {
  return { urls: [`amqp://${broker}`], queue: `${topic}-nestjs`, queueOptions: QUORUM }
}
