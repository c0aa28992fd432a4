import type { Register, UUID } from '@boostercloud/framework-types'
import { Event, cancelLater, later } from '@boostercloud/streamers'

@Event
class InvoiceOverdue {
  public constructor(readonly invoiceId: UUID) {}
  public entityID(): UUID {
    return this.invoiceId
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

export class SendInvoice {
  public constructor(readonly invoiceId: UUID) {}

  public static async handle({ invoiceId }: SendInvoice, register: Register): Promise<void> {
    later(register, new InvoiceOverdue(invoiceId), { in: 14 * DAY_MS, name: `overdue ${invoiceId}` })
  }
}

export class PayInvoice {
  public constructor(readonly invoiceId: UUID) {}

  public static async handle({ invoiceId }: PayInvoice, register: Register): Promise<void> {
    cancelLater(register, `overdue ${invoiceId}`)
  }
}

export const times = (register: Register, overdue: InvoiceOverdue): void => {
  later(register, overdue, { at: new Date('2027-01-01T00:00:00Z') })
  // @ts-expect-error no time
  later(register, overdue, {})
  // @ts-expect-error two times
  later(register, overdue, { in: 1, at: new Date() })
  // @ts-expect-error a text is no time
  later(register, overdue, { at: '2027-01-01' })
}
