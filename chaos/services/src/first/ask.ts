import { Command } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { Asked } from './asked'

@Command({ authorize: 'all' })
export class Ask {
  public constructor(
    readonly key: UUID,
    readonly origins: string
  ) {}

  public static async handle({ key, origins }: Ask, register: Register): Promise<void> {
    register.events(...origins.split(' ').map((origin) => new Asked(key, origin)))
  }
}
