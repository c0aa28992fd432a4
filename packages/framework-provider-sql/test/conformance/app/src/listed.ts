import { Entity, Event, Reduces, ScheduledCommand } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'

@Event
export class Listed {
  public constructor(readonly thingId: UUID) {}

  public entityID(): UUID {
    return this.thingId
  }
}

/** Only the cases about the entities' ids use it. */
@Entity
export class Thing {
  public constructor(readonly id: UUID) {}

  @Reduces(Listed)
  public static listed(event: Listed): Thing {
    return new Thing(event.thingId)
  }
}

@Event
export class Found {
  public constructor(
    readonly findId: UUID,
    readonly text: string
  ) {}

  public entityID(): UUID {
    return this.findId
  }
}

/** Only the cases about searching events use it. */
@Entity
export class Find {
  public constructor(
    readonly id: UUID,
    readonly text: string
  ) {}

  @Reduces(Found)
  public static found(event: Found): Find {
    return new Find(event.findId, event.text)
  }
}

@Event
export class Ticked {
  public constructor(
    readonly clockId: UUID,
    readonly by: string
  ) {}

  public entityID(): UUID {
    return this.clockId
  }
}

/** How often the scheduled command has run. */
@Entity
export class Clock {
  public constructor(
    readonly id: UUID,
    readonly ticks: number
  ) {}

  @Reduces(Ticked)
  public static ticked(event: Ticked, current?: Clock): Clock {
    return new Clock(event.clockId, (current?.ticks ?? 0) + 1)
  }
}

/** Triggered by the cases; never by the time. */
@ScheduledCommand({ minute: '0', hour: '0', day: '1', month: '1' })
export class Tick {
  public static async handle(register: Register): Promise<void> {
    register.events(new Ticked('clock', 'schedule'))
  }
}
