import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'

/** Runs a test in a process that traces, and gives it what was traced. */
export async function tracing(test: (spans: InMemorySpanExporter) => Promise<void>): Promise<void> {
  const spans = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  try {
    await test(spans)
  } finally {
    trace.disable()
    context.disable()
    await provider.shutdown()
  }
}
