/** A program: prints the secrets that its argument names (`{"VARIABLE":"arn"}`, `{"VARIABLE":"arn#field"}`) as JSON. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

async function main(places: Record<string, string>): Promise<void> {
  const client = new SecretsManagerClient({})
  const found = await Promise.all(
    Object.entries(places).map(async ([variable, place]) => [variable, await secretAt(client, place)])
  )
  process.stdout.write(JSON.stringify(Object.fromEntries(found)))
}

async function secretAt(client: SecretsManagerClient, place: string): Promise<string> {
  const [id, field] = place.split('#')
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }))
  if (SecretString === undefined) throw new Error(`${id} is not a string`)
  if (field === undefined) return SecretString
  const value = fieldOf(SecretString, field)
  if (typeof value === 'string') return value
  throw new Error(`${id} has no string in its field ${field}`)
}

function fieldOf(text: string, field: string): unknown {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null)?.[field]
  } catch {
    return undefined
  }
}

main(JSON.parse(process.argv[2] ?? '{}') as Record<string, string>).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).name}: ${(error as Error).message}`)
  process.exitCode = 1
})
