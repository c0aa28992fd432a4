import { Agent, request } from 'node:http'

/** Kinds of requests, each given the running number of a counter. */
export const REQUESTS = {
  command: (n: number) => ({
    query: 'mutation ($id: ID!) { Count(input: { counterId: $id, text: "over HTTP" }) }',
    variables: { id: `counter-${n}` },
  }),
  byId: (n: number) => ({
    query: 'query ($id: ID!) { CounterView(id: $id) { id count text } }',
    variables: { id: `counter-${n}` },
  }),
  page: () => ({
    query: `query ($filter: ListCounterViewFilter) {
      ListCounterViews(filter: $filter, sortBy: { id: ASC }, limit: 10) { items { id count } cursor }
    }`,
    variables: { filter: { count: { gte: 1, lt: 1_000 }, text: { ne: '' } } },
  }),
} as const

/** Sends so many requests, so many at once, over connections that are kept. Resolves with the answers a second; rejects with an error in one. */
export async function perSecond(
  url: string,
  kind: keyof typeof REQUESTS,
  { count, callers, entities }: { count: number; callers: number; entities: number }
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers })
  let next = 0
  const begun = Date.now()
  const caller = async (): Promise<void> => {
    while (next < count) await send(url, REQUESTS[kind](next++ % entities), agent)
  }
  await Promise.all(Array.from({ length: callers }, caller)).finally(() => agent.destroy())
  return (count * 1_000) / (Date.now() - begun)
}

async function send(url: string, body: object, agent: Agent): Promise<void> {
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        let received = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (received += chunk))
        response.on('end', () => resolve(received))
        response.on('error', reject)
      }
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
  const { errors } = JSON.parse(text) as { errors?: { message: string }[] }
  if (errors) throw new Error(errors[0]?.message)
}
