import { startServer } from '@boostercloud/streamer-testkit'
import { Kafka, logLevel } from 'kafkajs'
import { KafkaStreamer } from '../dist'
import { metadataToPublish, cloudEvents, withMetadata } from '@boostercloud/streamer-connector'
class Ev { constructor(readonly id: string, readonly n: number, readonly text: string, readonly t = 0) {} entityID() { return this.id } }
const TEXT = 'x'.repeat(150)
const make = (count: number, from = 0) => Array.from({ length: count }, (_, i) => new Ev(`e-${(from + i) % 100}`, from + i, TEXT))
const bareRecord = (e: Ev) => { const m = cloudEvents.encode(e, metadataToPublish(e, 'bench')) as any
  const headers: any = { 'content-type': m.contentType }; for (const k in m.attributes) headers['ce_' + k] = m.attributes[k]
  return { key: m.key, value: Buffer.from(m.body), headers } }
const bareDecode = (m: any) => { const h: any = {}; for (const k in m.headers) h[k] = m.headers[k].toString(); return { payload: JSON.parse(m.value.toString()), h, key: m.key?.toString() } }
async function main() {
  const server = await startServer('kafka', { settings: { 'num.partitions': '3' } })
  const kafka = new Kafka({ brokers: [server.url], logLevel: logLevel.NOTHING })
  const admin = kafka.admin(); await admin.connect()
  const producer = kafka.producer({ idempotent: true }); await producer.connect()
  const ours = KafkaStreamer.with({ brokers: [server.url], source: 'bench', consumer: { groupId: 'ours', pollWaitMs: 500 } })
  for (const t of ['b', 'o', 'lb', 'lo']) await admin.createTopics({ waitForLeaders: false, topics: [{ topic: t, numPartitions: 3 }] }); await new Promise(r => setTimeout(r, 2000))
  const N = 20000
  for (const size of [1000, 100]) for (let round = 0; round < 3; round++) {
    let t = performance.now()
    for (let i = 0; i < N; i += size) await producer.send({ topic: 'b', acks: -1, messages: make(size, i).map(bareRecord) })
    const bare = N / (performance.now() - t)
    t = performance.now()
    for (let i = 0; i < N; i += size) await ours.publish(make(size, i) as any, 'o')
    const own = N / (performance.now() - t)
    console.log('publish', size, 'bare', bare.toFixed(1), 'ours', own.toFixed(1), 'k/s', (own / bare).toFixed(2))
  }
  const TOTAL = N * 6
  for (let round = 0; round < 3; round++) {
    const c = kafka.consumer({ groupId: 'bare' + round, maxWaitTimeInMs: 250 }); await c.connect(); await c.subscribe({ topics: ['b'], fromBeginning: true })
    let got = 0, t = 0, sink = 0
    await new Promise<void>((resolve) => void c.run({ autoCommit: false, eachBatch: async ({ batch }) => { t ||= performance.now(); for (const m of batch.messages) { sink += bareDecode(m).payload.n; got++ } if (got >= TOTAL) resolve() } }))
    const bare = TOTAL / (performance.now() - t); await c.disconnect()
    const o = KafkaStreamer.with({ brokers: [server.url], consumer: { groupId: 'ours' + round, pollWaitMs: 500 } })
    got = 0; t = 0; let last: string | undefined, polls = 0
    while (got < TOTAL) { const e = await o.poll('o', last); polls++; if (e.length) t ||= performance.now(); for (const x of e) { sink += (x.eventPayload as any).n }; got += e.length; last = e.at(-1)?.eventId ?? last }
    const own = TOTAL / (performance.now() - t); await o.close()
    console.log('poll bare', bare.toFixed(1), 'ours', own.toFixed(1), 'k/s', (own / bare).toFixed(2), 'polls', polls)
  }
  // latency
  const q = (a: number[], p: number) => a.sort((x, y) => x - y)[Math.floor(a.length * p)]!.toFixed(2)
  for (let round = 0; round < 2; round++) {
    const c = kafka.consumer({ groupId: 'lb' + round, maxWaitTimeInMs: 250 }); await c.connect(); await c.subscribe({ topics: ['lb'], fromBeginning: false })
    const lat: number[] = []
    await c.run({ autoCommit: false, eachBatch: async ({ batch }) => { for (const m of batch.messages) lat.push(performance.now() - bareDecode(m).payload.t) } })
    await new Promise(r => setTimeout(r, 2000))
    for (let i = 0; i < 1000; i++) { void producer.send({ topic: 'lb', messages: [bareRecord(new Ev('e' + i, i, TEXT, performance.now()))] }); await new Promise(r => setTimeout(r, 5)) }
    await new Promise(r => setTimeout(r, 500)); await c.disconnect()
    const o = KafkaStreamer.with({ brokers: [server.url], consumer: { groupId: 'lo' + round, pollWaitMs: 500, startAt: 'last' } })
    const lat2: number[] = []; let stop = false, last: string | undefined
    const reading = (async () => { while (!stop) { const e = await o.poll('lo', last); for (const x of e) lat2.push(performance.now() - (x.eventPayload as any).t); last = e.at(-1)?.eventId ?? last } })()
    await new Promise(r => setTimeout(r, 2000))
    for (let i = 0; i < 1000; i++) { void ours.publish([new Ev('e' + i, i, TEXT, performance.now())] as any, 'lo'); await new Promise(r => setTimeout(r, 5)) }
    await new Promise(r => setTimeout(r, 700)); stop = true; await reading; await o.close()
    console.log('latency bare', q(lat, .5), q(lat, .99), lat.length, 'ours', q(lat2, .5), q(lat2, .99), lat2.length)
  }
  await ours.close(); await producer.disconnect(); await admin.disconnect(); await server.stop()
}
main().catch(e => { console.error(e); process.exit(1) })
