import type { ConsumerListener, DriverConsumer, DriverConsumerSettings, DriverProducer, KafkaDriver } from './driver'
import { KafkajsAdmin } from './kafkajs-admin'
import type { ClientSettings } from './kafkajs-client'
import { KafkajsConsumer } from './kafkajs-consumer'
import { KafkajsProducer } from './kafkajs-producer'

/** What the driver needs to know. */
export interface DriverSettings extends ClientSettings {
  readonly compression: 'none' | 'gzip'
}

/** kafkajs 2.2.4 as the streamer's client. */
export class KafkajsDriver implements KafkaDriver {
  public readonly admin: KafkajsAdmin

  public constructor(private readonly settings: DriverSettings) {
    this.admin = new KafkajsAdmin(settings)
  }

  public producer(): DriverProducer {
    return new KafkajsProducer(this.settings)
  }

  public consumer(settings: DriverConsumerSettings, listener: ConsumerListener): DriverConsumer {
    return new KafkajsConsumer(this.settings, settings, listener)
  }

  public close(): Promise<void> {
    return this.admin.close()
  }
}
