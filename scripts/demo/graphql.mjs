const LIMIT_MS = 30_000

/** Sends a GraphQL request and returns its data. Rejects when the service answers with errors. */
export async function graphql(url, query, variables = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const { data, errors } = await response.json()
  if (errors?.length) throw new Error(`${url}: ${errors.map(({ message }) => message).join('; ')}`)
  return data
}
