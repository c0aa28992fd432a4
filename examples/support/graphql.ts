const LIMIT_MS = 30_000

interface Answer<T> {
  readonly data: T
  readonly errors?: ReadonlyArray<{ readonly message: string }>
}

/** Sends a GraphQL request and returns its data. Rejects when the service answers with errors. */
export async function graphql<T = Record<string, unknown>>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {}
): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const { data, errors } = (await response.json()) as Answer<T>
  if (errors?.length) throw new Error(`${url}: ${errors.map(({ message }) => message).join('; ')}`)
  return data
}
