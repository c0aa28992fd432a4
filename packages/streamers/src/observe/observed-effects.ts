import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import type { Attributes, Tracer } from '@opentelemetry/api'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Effects, Link, Outcome } from '../receive'
import { errorCode } from './error-code'
import type { Metrics } from './metrics'
import { contextOf } from './trace-context'

/**
 * Runs handlers inside a consumer span that goes on from the event's trace, and measures them. A batch goes on from its first event
 * and is linked to the others.
 */
export class ObservedEffects implements Effects {
  public constructor(
    private readonly effects: Effects,
    private readonly tracer: Tracer,
    private readonly metrics: Metrics
  ) {}

  public run(link: Link, event: ExternalEvent, signal: AbortSignal): Promise<Outcome | undefined> {
    return this.observed(link, [event], () => this.effects.run(link, event, signal))
  }

  public runBatch(link: Link, events: readonly ExternalEvent[], signal: AbortSignal): Promise<Outcome | undefined> {
    return this.observed(link, events, async () => this.effects.runBatch?.(link, events, signal))
  }

  public resume(packed: Uint8Array): Promise<Outcome> {
    return this.effects.resume(packed)
  }

  private async observed<T>(
    { address, handler }: Link,
    [first, ...others]: readonly ExternalEvent[],
    run: () => Promise<T>
  ): Promise<T> {
    const parent = contextOf(first.metadata ?? {})
    const span = this.tracer.startSpan(
      `process ${address}`,
      {
        kind: SpanKind.CONSUMER,
        attributes: spanAttributes('process', address, { 'booster.streamers.handler': handler }),
        links: linksTo(others),
      },
      parent
    )
    const begun = performance.now()
    const attributes: Attributes = { address, handler }
    try {
      return await context.with(trace.setSpan(parent, span), run)
    } catch (error) {
      attributes['error.type'] = errorCode(error)
      span.setAttribute('error.type', errorCode(error))
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      this.metrics.handlerRan((performance.now() - begun) / 1_000, attributes)
      span.end()
    }
  }
}

/** By OpenTelemetry's conventions for messaging. */
export function spanAttributes(operation: 'send' | 'process', address: string, more: Attributes = {}): Attributes {
  return {
    'messaging.system': 'booster.streamers',
    'messaging.operation.type': operation,
    'messaging.destination.name': address,
    ...more,
  }
}

function linksTo(
  events: readonly ExternalEvent[]
): { context: NonNullable<ReturnType<typeof trace.getSpanContext>> }[] {
  return events.flatMap(({ metadata }) => {
    const linked = trace.getSpanContext(contextOf(metadata ?? {}))
    return linked ? [{ context: linked }] : []
  })
}
