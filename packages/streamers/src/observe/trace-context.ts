import { ROOT_CONTEXT, context, createTraceState, isSpanContextValid, trace } from '@opentelemetry/api'
import type { Context, SpanContext } from '@opentelemetry/api'
import type { EventContext } from '../state'

/** The part of an event's context that says which trace it belongs to, as in W3C Trace Context. */
export type TraceContext = Pick<EventContext, 'traceparent' | 'tracestate'>

/** §3.2: version, trace id, parent id and flags. Later versions may have more behind them. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.{0,200})?$/

/** What is being traced at this moment; empty where nothing is. */
export function activeTrace(): TraceContext {
  const active = trace.getSpanContext(context.active())
  return active && isSpanContextValid(active) ? traceContextOf(active) : {}
}

/** A span, as what comes of it carries it. */
export function traceContextOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const flags = traceFlags.toString(16).padStart(2, '0')
  const tracestate = traceState?.serialize()
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: tracestate === '' ? undefined : tracestate }
}

/** A trace that was carried here, to go on from; a new beginning where it is absent or malformed. */
export function contextOf({ traceparent, tracestate }: TraceContext): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  const spanContext: SpanContext = {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16),
    traceState: tracestate === undefined ? undefined : createTraceState(tracestate),
    isRemote: true,
  }
  return traceId && isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT
}
