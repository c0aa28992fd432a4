import { Event, Entity, Projects, ReadModel, Reduces, sequencedBy } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'

@Event
export class Measured {
  public constructor(
    readonly measureId: UUID,
    readonly sensorId: UUID,
    readonly at: string
  ) {}

  public entityID(): UUID {
    return this.measureId
  }
}

@Entity
export class Measure {
  public constructor(
    readonly id: UUID,
    readonly sensorId: UUID,
    readonly at: string
  ) {}

  @Reduces(Measured)
  public static measured({ measureId, sensorId, at }: Measured): Measure {
    return new Measure(measureId, sensorId, at)
  }
}

/** A row for each measure of a sensor. */
@ReadModel({ authorize: 'all' })
export class Measurement {
  public constructor(
    readonly id: UUID,
    @sequencedBy readonly at: string
  ) {}

  @Projects(Measure, 'sensorId')
  public static ofMeasure({ sensorId, at }: Measure): ProjectionResult<Measurement> {
    return new Measurement(sensorId, at)
  }
}
