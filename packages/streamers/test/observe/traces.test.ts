import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { expect } from 'chai'
import { activeTrace } from '../../src/observe'
import { eventually } from '../support/eventually'
import { OneService, withServices } from '../support/one-service'
import { inTempFolder } from '../support/temp-folder'
import { tracing } from '../support/tracing'

const INCOMING = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vendor=1' }

async function inCommandSpan(work: () => Promise<void>): Promise<void> {
  await trace.getTracer('test').startActiveSpan('command', async (span) => {
    await work()
    span.end()
  })
}

function named(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const found = spans.filter((span) => span.name === name)
  expect(found, name).to.have.length(1)
  return found[0]
}

describe('traces', () => {
  it('are one from the command in one service to the handler in another', () =>
    inTempFolder((folder) =>
      tracing(async (exporter) => {
        const inHandler: unknown[] = []
        const a = new OneService({ folder, name: 'a', publishes: true })
        const handler = (): string[] => {
          inHandler.push(activeTrace().traceparent)
          return []
        }
        const b = new OneService({ folder, name: 'b', handler })
        await withServices([a, b], async () => {
          await a.streaming.start()
          await b.streaming.start()
          await inCommandSpan(() => a.note({ key: 'k', n: 1 }))
          await eventually(() => exporter.getFinishedSpans().length === 3)
        })
        const spans = exporter.getFinishedSpans()
        const [command, send, process] = ['command', 'send log/notes', 'process log/notes'].map((one) =>
          named(spans, one)
        )
        expect(new Set(spans.map((span) => span.spanContext().traceId)).size).to.equal(1)
        expect(send.parentSpanContext?.spanId).to.equal(command.spanContext().spanId)
        expect(process.parentSpanContext?.spanId).to.equal(send.spanContext().spanId)
        const { traceId, spanId } = process.spanContext()
        expect(inHandler).to.deep.equal([`00-${traceId}-${spanId}-01`])
        expect(process.attributes).to.include({ 'booster.streamers.handler': 'Handler' })
      })
    ))

  it('of an event that goes to two addresses go on from the sending to each of them', () =>
    inTempFolder((folder) =>
      tracing(async (exporter) => {
        const topics = ['notes', 'more']
        const service = new OneService({ folder, name: 'a', publishes: topics.map((topic) => `log/${topic}`) })
        await withServices([service], async () => {
          await service.streaming.start()
          await inCommandSpan(() => service.note({ key: 'k', n: 1 }))
          await eventually(() => exporter.getFinishedSpans().length === 3)
        })
        const log = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
        try {
          const events = (await Promise.all(topics.map((topic) => log.poll(topic)))).flat()
          const sent = topics.map((topic) => named(exporter.getFinishedSpans(), `send log/${topic}`).spanContext())
          expect(events.map(({ metadata }) => metadata?.traceparent)).to.deep.equal(
            sent.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`)
          )
          expect(new Set(events.map(({ metadata }) => metadata?.id)).size, 'one event').to.equal(1)
          expect(new Set(sent.map(({ traceId }) => traceId)).size, 'one trace').to.equal(1)
        } finally {
          await log.close()
        }
      })
    ))

  it('show a failed run by its code, and none of what it said', () =>
    inTempFolder((folder) =>
      tracing(async (exporter) => {
        const handler = (): string[] => {
          throw new Error('secret')
        }
        const service = new OneService({ folder, name: 'a', publishes: true, handler })
        await withServices([service], async () => {
          await service.streaming.start()
          await service.note({ key: 'k', n: 1 })
          await eventually(() => exporter.getFinishedSpans().some(({ name }) => name.startsWith('process')))
        })
        const failed = exporter.getFinishedSpans().find(({ name }) => name.startsWith('process'))
        expect(failed?.status).to.deep.equal({ code: SpanStatusCode.ERROR })
        expect(failed?.attributes['error.type']).to.equal('HANDLER_FAILED')
        expect(JSON.stringify([failed?.attributes, failed?.events])).not.to.contain('secret')
      })
    ))

  it('go on as they came where nothing is traced in the service', () =>
    inTempFolder(async (folder) => {
      const seen: unknown[] = []
      const handler = (_: unknown, __: unknown, { metadata }: { metadata?: object }): string[] => {
        seen.push({ ...metadata })
        return []
      }
      const service = new OneService({ folder, name: 'a', publishes: true, handler })
      await withServices([service], async () => {
        await service.streaming.start()
        await service.note({ key: 'k', n: 1 }, INCOMING)
        await service.note({ key: 'k', n: 2 }, {})
        await eventually(() => seen.length === 2)
      })
      expect(seen[0]).to.include(INCOMING)
      expect(seen[1]).not.to.have.any.keys('traceparent', 'tracestate')
    }))

  it('start again where what came is malformed', () =>
    inTempFolder((folder) =>
      tracing(async (exporter) => {
        const service = new OneService({ folder, name: 'a', publishes: true })
        await withServices([service], async () => {
          await service.streaming.start()
          for (const traceparent of ['', 'x', '00-0-0-01', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]) {
            await service.note({ key: 'k', n: 1 }, { traceparent })
          }
          await eventually(() => exporter.getFinishedSpans().length === 4)
        })
        const spans = exporter.getFinishedSpans()
        expect(spans.map(({ parentSpanContext }) => parentSpanContext)).to.deep.equal(Array(4).fill(undefined))
        expect(new Set(spans.map((span) => span.spanContext().traceId)).size).to.equal(4)
      })
    ))
})
