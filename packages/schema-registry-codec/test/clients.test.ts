import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { jsonSchema, protobuf } from '../src'
import { bare, metadataFor } from './support/messages'
import { askPython } from './support/python'
import { plain } from './support/plain'
import { describeWithRegistry } from './support/registry'

const PAID_PROTO = `syntax = "proto3";
package com.bank;
import "google/protobuf/timestamp.proto";
message Ignored {}
message Paid {
  message To { string name = 1; }
  int64 cents = 1;
  To to = 2;
  repeated int32 shares = 3;
  google.protobuf.Timestamp at = 4;
}
`
const PAID_JSON = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Paid',
  type: 'object',
  properties: { cents: { type: 'integer' }, to: { type: 'string' } },
  required: ['cents'],
  additionalProperties: false,
}

interface Answer {
  readonly said: unknown
  readonly body: string
}

describeWithRegistry((url) => {
  it("meets what Confluent's Python clients write and read, in JSON and Protobuf", async function () {
    this.timeout(300_000)
    const topic = `paid-${randomUUID()}`
    const json = jsonSchema({ registry: url(), schemas: { Paid: PAID_JSON }, autoRegister: true })
    const proto = protobuf({ registry: url(), schemas: { Paid: PAID_PROTO }, autoRegister: true })
    const inJson = { cents: 7, to: 'Zoë' }
    const inProto = { cents: 2n ** 60n, to: { name: 'Zoë' }, shares: [1, -2], at: '2026-11-21T08:25:35.123Z' }
    const jsonBody = await json.encode(inJson, metadataFor('Paid'), `json-${topic}`)
    const protoBody = await proto.encode(inProto, metadataFor('Paid'), `proto-${topic}`)

    const told = { ...inProto, cents: String(2n ** 60n + 1n) }
    const answer = (await askPython(
      'clients.py',
      {
        json: { topic: `json-${topic}`, body: hex(jsonBody.body), schema: JSON.stringify(PAID_JSON), value: inJson },
        protobuf: { topic: `proto-${topic}`, body: hex(protoBody.body), value: told },
      },
      url()
    )) as { readonly json: Answer; readonly protobuf: Answer }

    expect(answer.json.said).to.deep.equal(inJson)
    expect(answer.json.body.slice(0, 10)).to.equal(hex(jsonBody.body).slice(0, 10))
    expect(await received(json, answer.json.body)).to.deep.equal({ payload: inJson, type: 'Paid' })
    expect(answer.protobuf.said).to.deep.equal({ ...inProto, cents: String(2n ** 60n) })
    const payload = { ...inProto, cents: 2n ** 60n + 1n }
    expect(await received(proto, answer.protobuf.body)).to.deep.equal({ payload, type: 'Paid' })
  })
})

async function received(codec: ReturnType<typeof protobuf>, body: string): Promise<object> {
  const { payload, metadata } = await codec.decode(bare(Buffer.from(body, 'hex')))
  return { payload: plain(payload), type: metadata.type }
}

function hex(body: Uint8Array): string {
  return Buffer.from(body).toString('hex')
}
