import { policiesOf } from './booster-stack'
import type { Stack } from './booster-stack'

/** What Booster does of each of them. `dynamodb:Query*` and its like are all that its policies have. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:DeleteItem*': ['dynamodb:DeleteItem'],
  'dynamodb:Get*': ['dynamodb:GetItem'],
  'dynamodb:Put*': ['dynamodb:PutItem'],
  'dynamodb:Query*': ['dynamodb:Query'],
  'dynamodb:Scan*': ['dynamodb:Scan'],
}

interface Statement {
  readonly Action: string | readonly string[]
}

/**
 * Booster allows its functions `dynamodb:Put*`, which is `PutResourcePolicy` too: whoever can run code in a function could open the table to
 * another account. The wildcards are replaced by what is meant. Can go when Booster's `setupPermissions` names whole actions.
 */
export function fixActions(stack: Stack): void {
  for (const policy of policiesOf(stack)) {
    const { Statement: statements } = stack.resolve(policy.policyDocument) as { Statement: readonly Statement[] }
    statements.forEach(({ Action: actions }, index) => {
      const listed = [actions].flat()
      if (!listed.some((action) => action in MEANT)) return
      const meant = [...new Set(listed.flatMap((action) => MEANT[action] ?? [action]))]
      policy.addPropertyOverride(`PolicyDocument.Statement.${index}.Action`, meant)
    })
  }
}
