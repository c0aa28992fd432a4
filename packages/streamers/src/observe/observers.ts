import { SpanKind, SpanStatusCode, isSpanContextValid } from '@opentelemetry/api'
import type { Span, Tracer } from '@opentelemetry/api'
import type { RelayObserver, Sending } from '../publish'
import type { ReceiverObserver } from '../receive'
import type { EventContext, PendingMark } from '../state'
import { errorCode } from './error-code'
import type { Metrics } from './metrics'
import { spanAttributes } from './observed-effects'
import { contextOf, traceContextOf } from './trace-context'

/** Counts what becomes of received events. */
export function countingReceiver(metrics: Metrics): ReceiverObserver {
  return {
    received: (address, count) => metrics.count('received', { address }, count),
    handled: ({ address, handler }) => metrics.count('handled', { address, handler }),
    parked: ({ address, handler }) => metrics.count('retried', { address, handler }),
    died: ({ address, handler }) => metrics.count('dead', { address, handler }),
    ignored: (address) => metrics.count('ignored', { address }),
    refused: (address) => metrics.count('dead', { address }),
  }
}

/** Counts what is published, and has a producer span for each event that is sent, which the wire then carries. */
export function tracingRelay(metrics: Metrics, tracer: Tracer): RelayObserver {
  return {
    published: (address, count) => metrics.count('published', { address }, count),
    refused: (address, count) => metrics.count('refused', { address }, count),
    sending: (address, marks): Sending => {
      const spans = marks.map((mark) => startSending(tracer, address, mark))
      return {
        contexts: marks.map(({ context }, index) => carriedBy(spans[index], context)),
        done: (error) => spans.forEach((span) => endSending(span, error)),
      }
    },
  }
}

function startSending(tracer: Tracer, address: string, { id, context }: PendingMark): Span {
  const attributes = spanAttributes('send', address, { 'messaging.message.id': id })
  return tracer.startSpan(`send ${address}`, { kind: SpanKind.PRODUCER, attributes }, contextOf(context))
}

/** Where nothing is traced in this process, what the event carries already goes on as it is. */
function carriedBy(span: Span, context: EventContext): EventContext {
  const own = span.spanContext()
  return isSpanContextValid(own) && !own.isRemote ? { ...context, ...traceContextOf(own) } : context
}

function endSending(span: Span, error: unknown): void {
  if (error !== undefined) {
    span.setAttribute('error.type', errorCode(error, 'FAILED'))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

/** Tells several of what happens to one, in order. */
export function allOf(...observers: readonly Partial<ReceiverObserver>[]): ReceiverObserver {
  return {
    received: (...what) => observers.forEach((one) => one.received?.(...what)),
    foundNothing: (...what) => observers.forEach((one) => one.foundNothing?.(...what)),
    handled: (...what) => observers.forEach((one) => one.handled?.(...what)),
    parked: (...what) => observers.forEach((one) => one.parked?.(...what)),
    died: (...what) => observers.forEach((one) => one.died?.(...what)),
    ignored: (...what) => observers.forEach((one) => one.ignored?.(...what)),
    refused: (...what) => observers.forEach((one) => one.refused?.(...what)),
  }
}
