/** A statement of a queue's policy. */
export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: { readonly Service: string }
  readonly Action: string
  readonly Resource: string
  readonly Condition: { readonly ArnEquals: { readonly 'aws:SourceArn': string } }
}

const SID = 'streamers-rule'

/**
 * What lets one rule, and nothing else, put events into a queue.
 * @internal
 */
export function queueStatement(queueArn: string, ruleArn: string): Statement {
  return {
    Sid: SID,
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
  }
}

/** A queue's policy with that statement; undefined where it has it. Statements of others stay. */
export function policyWith(statement: Statement, policy: string | undefined): string | undefined {
  const known = policy === undefined || policy === '' ? {} : (JSON.parse(policy) as Record<string, unknown>)
  const listed: unknown = known.Statement ?? []
  const statements = (Array.isArray(listed) ? listed : [listed]) as { Sid?: string }[]
  const own = statements.find(({ Sid }) => Sid === SID)
  if (own !== undefined && allows(own as Statement, statement)) return undefined
  const others = statements.filter(({ Sid }) => Sid !== SID)
  return JSON.stringify({ Version: '2012-10-17', ...known, Statement: [...others, statement] })
}

/** AWS may answer the parts of a statement in another order. */
function allows(own: Statement, wanted: Statement): boolean {
  const { Effect, Action, Resource, Condition } = own
  const [source, expected] = [own, wanted].map((each) => each.Condition?.ArnEquals?.['aws:SourceArn'])
  return (
    Effect === 'Allow' &&
    /^sqs:SendMessage$/i.test(Action) &&
    Resource === wanted.Resource &&
    Object.keys(Condition ?? {}).length === 1 &&
    source === expected
  )
}
